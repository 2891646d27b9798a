import { type RunningLedger } from '../../src/ledger/ledger.ts';
import { type HoldRequest } from '../../src/ledger/lifecycle/holds.ts';
import { createLedgerParts, decision, type LedgerParts } from './ledger.ts';
import { COUNSEL, createLifecycle, createMonth, type TestLifecycle, writeCalls } from './lifecycle.ts';
import { type TestDatabase, type TestPostgres } from './postgres.ts';
import type { ExecutionContext } from 'ava';

export interface HoldScene {
  readonly database: TestDatabase;
  readonly parts: LedgerParts;
  readonly ledger: RunningLedger;
  readonly lifecycle: TestLifecycle;
}

const MARCH = Date.UTC(2019, 2, 10);
export const APRIL = Date.UTC(2019, 3, 10);
const MAY = Date.UTC(2019, 4, 10);

function calledBy(subject: string): Partial<ReturnType<typeof decision>> {
  return { principal: { ...decision().principal, subject } };
}

/** alice asks about patient-1 in March, bob about patient-2 in April; in May somebody else of another tenant. */
export async function holdScene(t: ExecutionContext, postgres: TestPostgres): Promise<HoldScene> {
  const database = await postgres.createDatabase();
  for (const month of ['2019-03-01', '2019-04-01', '2019-05-01']) await createMonth(database, month);
  const parts = await createLedgerParts(t, (role) => database.url(role));
  await writeCalls(parts, MARCH, [{ ...calledBy('alice'), dataSubject: 'patient-1' }]);
  await writeCalls(parts, APRIL, [{ ...calledBy('bob'), dataSubject: 'patient-2' }]);
  const { principal } = decision();
  await writeCalls(parts, MAY, [{ principal: { ...principal, tenant: 'other' }, dataSubject: 'patient-1' }]);
  const ledger = parts.create();
  await ledger.start();
  const lifecycle = createLifecycle(t, { database, parts, ledger });
  await lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
  return { database, parts, ledger, lifecycle };
}

export const HOLD: HoldRequest = {
  tenant: 'acme',
  matter: 'M-2019/7',
  dataSubjects: [],
  principals: [],
  fromMs: undefined,
  toMs: undefined,
  reason: 'Doe v. Acme, preservation letter of 3 May',
};

export const erasing = (dataSubject: string) => ({ tenant: 'acme', dataSubject, reason: 'asked for' });

/** Which persons a hold keeps from erasure, and which months from dropping. */
export async function keeps(scene: HoldScene, hold: Partial<HoldRequest>): Promise<readonly string[]> {
  await scene.lifecycle.holds.place(COUNSEL, { ...HOLD, ...hold });
  const kept: string[] = [];
  for (const person of ['patient-1', 'patient-2']) {
    await scene.lifecycle.erasures.erase(COUNSEL, erasing(person)).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'held') kept.push(person);
      else throw error;
    });
  }
  const run = await scene.lifecycle.retention.run();
  return [...kept, ...(run?.held ?? []).map(({ month }) => month.slice(0, 7))];
}
