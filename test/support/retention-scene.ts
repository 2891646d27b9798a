import { generateKeyPairSync } from 'node:crypto';
import { createNoteSigner, type NoteSigner } from '../../src/crypto/signed-note.ts';
import { type RunningLedger } from '../../src/ledger/ledger.ts';
import { type Verification, verifyLedger } from '../../src/ledger/verify.ts';
import { type Checkpoint, openCheckpoint } from '../../src/ledger/tree/checkpoint.ts';
import { createCheckpointer } from '../../src/ledger/tree/checkpointer.ts';
import { createLedgerParts, type LedgerParts, ORIGIN } from './ledger.ts';
import { COUNSEL, createLifecycle, createMonth, type TestLifecycle, writeCalls } from './lifecycle.ts';
import { type TestDatabase, type TestPostgres } from './postgres.ts';
import type { ExecutionContext } from 'ava';

export const MARCH = '2019-03-01';
export const APRIL = '2019-04-01';
export const AT_THE_TURN = Date.UTC(2019, 3, 1);

export interface RetentionScene {
  readonly database: TestDatabase;
  readonly parts: LedgerParts;
  readonly ledger: RunningLedger;
  readonly lifecycle: TestLifecycle;
  readonly checkpoints: readonly Checkpoint[];
  readonly signer: NoteSigner;
}

/** One chain whose 42 records stand half in March and half in April of 2019, and today's. */
export async function retentionScene(t: ExecutionContext, postgres: TestPostgres): Promise<RetentionScene> {
  const database = await postgres.createDatabase();
  await createMonth(database, MARCH);
  await createMonth(database, APRIL);
  const parts = await createLedgerParts(t, (role) => database.url(role));
  const signer = createNoteSigner(ORIGIN, generateKeyPairSync('ed25519').privateKey);
  const checkpoints: Checkpoint[] = [];
  const checkpointer = createCheckpointer({
    origin: ORIGIN,
    signer,
    store: { save: () => Promise.resolve() },
    sinks: [
      {
        name: 'kept',
        publish: ({ note }) => {
          const checkpoint = openCheckpoint(note, [signer]);
          if (checkpoint !== undefined) checkpoints.push(checkpoint);
          return Promise.resolve();
        },
      },
    ],
    now: Date.now,
    everyMs: 1,
    everyRecords: 3,
    sinkDeadlineMs: 5_000,
    onEvent: () => undefined,
  });
  const calls = Array.from({ length: 20 }, (_, i) => ({
    atMs: AT_THE_TURN + (i % 3 === 0 ? 1 : -1) * (i + 1),
  }));
  await writeCalls(parts, AT_THE_TURN, calls, {
    onDurable: (chain, leaves) => {
      checkpointer.append(chain, leaves);
    },
  });
  await checkpointer.close();
  const ledger = parts.create();
  await ledger.start();
  const lifecycle = createLifecycle(t, { database, parts, ledger });
  return { database, parts, ledger, lifecycle, checkpoints, signer };
}

export async function verifyScene({ parts, checkpoints }: RetentionScene): Promise<Verification> {
  return verifyLedger({ source: parts.source, checkpoints, deks: parts.freshDeks() });
}

export async function monthsOf({ database }: RetentionScene): Promise<readonly unknown[]> {
  const rows = await database.query('select distinct period::text as period from cordon.records order by 1');
  return rows.map((row) => row['period']);
}

export function kindsOf(result: Verification): readonly string[] {
  return [...new Set(result.problems.map(({ kind }) => kind))].sort();
}

/** A hold of what acme recorded on the first of April. */
export async function holdApril({ lifecycle }: RetentionScene): Promise<void> {
  await lifecycle.holds.place(COUNSEL, {
    tenant: 'acme',
    matter: 'M-1',
    dataSubjects: [],
    principals: [],
    fromMs: AT_THE_TURN,
    toMs: AT_THE_TURN + 86_400_000,
    reason: 'litigation',
  });
}
