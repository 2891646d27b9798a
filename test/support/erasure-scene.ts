import { type Keyring } from '../../src/crypto/keyring.ts';
import { type RunningLedger } from '../../src/ledger/ledger.ts';
import { createAuditReader } from '../../src/ledger/read.ts';
import { completion, createLedgerParts, decision, type LedgerParts } from './ledger.ts';
import { createLifecycle, type TestLifecycle } from './lifecycle.ts';
import { type TestDatabase, type TestPostgres } from './postgres.ts';
import type { ExecutionContext } from 'ava';

export interface ErasureScene {
  readonly database: TestDatabase;
  readonly parts: LedgerParts;
  readonly ledger: RunningLedger;
  readonly lifecycle: TestLifecycle;
  /** Of patient-17 and patient-18. */
  readonly ids: readonly [string, string];
}

/** Two calls about two persons by one caller. */
export async function erasureScene(
  t: ExecutionContext,
  postgres: TestPostgres,
  keyring?: Keyring,
): Promise<ErasureScene> {
  const database = await postgres.createDatabase();
  const parts = await createLedgerParts(t, (role) => database.url(role), keyring);
  const ledger = parts.create();
  await ledger.start();
  const call = async (dataSubject: string): Promise<string> => {
    const record = decision({ dataSubject });
    await ledger.begin(record);
    await ledger.finish(completion(record.requestId));
    return record.requestId;
  };
  const ids = [await call('patient-17'), await call('patient-18')] as const;
  return { database, parts, ledger, ids, lifecycle: createLifecycle(t, { database, parts, ledger }) };
}

export const ERASURE = { tenant: 'acme', dataSubject: 'patient-17', reason: 'GDPR 17 request of 3 May' };

export async function findingsOf(
  scene: ErasureScene,
  index: 0 | 1,
  deks = scene.parts.freshDeks(),
): Promise<string | undefined> {
  const shown = await createAuditReader({ source: scene.parts.source, deks }).show(scene.ids[index]);
  return shown?.findings.state;
}

export async function erasureTypes({ database }: ErasureScene): Promise<readonly unknown[]> {
  const rows = await database.query(
    `select type from cordon.records where type like 'ERAS%' or type like 'HOLD%' order by seq`,
  );
  return rows.map((row) => row['type']);
}
