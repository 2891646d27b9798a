import { randomFillSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDeks } from '../../src/crypto/deks.ts';
import { openOrCreateKeyringFile } from '../../src/crypto/keyring-file.ts';
import { type DecisionRecord } from '../../src/domain/record.ts';
import { createLedger } from '../../src/ledger/ledger.ts';
import { createAuditReader } from '../../src/ledger/read.ts';
import { buildPolicy } from '../../src/policy/build.ts';
import { SUPPORTED_HANDLINGS } from '../../src/policy/engine.ts';
import { type SimulatedCall } from '../../src/policy/simulate/call.ts';
import { toSimulatedCall } from '../../src/policy/simulate/recorded.ts';
import { createSimulation } from '../../src/policy/simulate/simulation.ts';
import { createDekStore } from '../../src/store/dek-store.ts';
import { createLedgerStore } from '../../src/store/ledger-store.ts';
import { createRecordSource } from '../../src/store/record-source.ts';
import { openSearchTokens } from '../../src/compose/search-tokens.ts';
import { createPool } from '../../src/store/session.ts';
import { decision } from '../support/ledger.ts';
import { startTestPostgres } from '../support/postgres.ts';
import { writeSection } from './results.ts';

const CALLS = 100_000;
const IN_FLIGHT = 256;

const SET = (extra: string, handling: string): string => `version: 1
name: bench
roles: { analyst: {}, guest: {} }
rules:
  - { id: analysts, effect: allow, subjects: ['role:analyst'], operations: ['*'], models: ['*'], runners: ['*'] }
${extra}handling:
  - { id: all, entities: ['*'], handling: pseudonymise }
${handling}`;

/** A draft against the version in force, over 100,000 decisions: read from a ledger and opened, and from memory. */
export async function benchSimulate(): Promise<void> {
  const before = await snapshotOf(SET('', ''));
  const after = await snapshotOf(
    SET(
      "  - { id: no-eu, effect: deny, subjects: ['group:g3'], operations: ['*'], models: ['*'], runners: [openai] }\n",
      '  - { id: cards, entities: [CREDIT_CARD], handling: block }\n  - { id: names, entities: [PERSON], handling: mask }\n',
    ),
  );
  const calls: SimulatedCall[] = [];
  const read = await withRecorded(async (list) => {
    const simulation = createSimulation(before, after, { examples: 5 });
    const time = startTiming();
    for await (const call of list()) {
      simulation.add(call);
      calls.push(call);
    }
    return { spent: time(), report: simulation.report() };
  });
  const simulation = createSimulation(before, after, { examples: 5 });
  const time = startTiming();
  for (const call of calls) simulation.add(call);
  const memory = time();
  const { newlyDenied, handlingChanged, unchanged } = read.report;
  writeSection('Simulation of a policy', [
    `${calls.length} recorded decisions of 1,000 callers, each judged by two policies.`,
    '',
    '| from | seconds | of them own CPU |',
    '|---|---|---|',
    `| the ledger, read and opened | ${read.spent} |`,
    `| memory | ${memory} |`,
    '',
    `${newlyDenied.calls} newly denied, ${handlingChanged.calls} handled otherwise, ${unchanged} the same.`,
  ]);
}

/** Wall clock and this process's own share of the processors: the machine may have other work. */
function startTiming(): () => string {
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return `${((performance.now() - began) / 1_000).toFixed(2)} | ${((user + system) / 1_000_000).toFixed(2)}`;
  };
}

async function snapshotOf(text: string): Promise<Parameters<typeof createSimulation>[0]> {
  const vocabulary = { supportedHandlings: SUPPORTED_HANDLINGS, extraEntities: [], operations: undefined };
  const { snapshot, problems } = await buildPolicy({ text, source: 'bench' }, vocabulary, () => undefined);
  if (snapshot === undefined) throw new Error(JSON.stringify(problems));
  return snapshot;
}

function recordOf(i: number): DecisionRecord {
  const base = decision();
  return decision({
    principal: { ...base.principal, subject: `caller-${i % 1_000}`, groups: [`g${i % 20}`] },
    counts:
      i % 10 === 0
        ? { CREDIT_CARD: 1 }
        : i % 3 === 0
          ? { PERSON: 2, EMAIL_ADDRESS: 1 }
          : { EMAIL_ADDRESS: 1 },
    model: `model-${i % 7}`,
    dataSubject: 'the same for all, so that one key seals them',
    originals: {},
    spans: [],
  });
}

async function withRecorded<T>(use: (list: () => AsyncGenerator<SimulatedCall>) => Promise<T>): Promise<T> {
  const postgres = await startTestPostgres();
  const database = await postgres.createDatabase();
  const keys = await mkdtemp(join(tmpdir(), 'cordon-bench-'));
  const keyring = await openOrCreateKeyringFile(join(keys, 'keyring.json'));
  const pool = (role: 'cordon_writer' | 'cordon_reader') =>
    createPool({ url: database.url(role), role, deadlineMs: 60_000, max: 2 });
  const [writers, readers] = [pool('cordon_writer'), pool('cordon_reader')];
  const deks = createDeks({ store: createDekStore(writers), keyring });
  const ledger = createLedger({
    store: createLedgerStore({ url: database.url('cordon_writer'), deadlineMs: 60_000, pool: writers }),
    ...{ deks, keyring, origin: 'bench', instance: 'bench', now: Date.now, log: () => undefined },
    tokens: openSearchTokens(keyring, []),
    random: (bytes) => randomFillSync(bytes),
    limits: { deadlineMs: 60_000 },
  });
  await ledger.start();
  for (let i = 0; i < CALLS; i += IN_FLIGHT) {
    const size = Math.min(IN_FLIGHT, CALLS - i);
    await Promise.all(Array.from({ length: size }, (_, j) => ledger.begin(recordOf(i + j))));
  }
  // A key that was not used yet, as in a process that has just started.
  const reader = createAuditReader({
    source: createRecordSource(readers),
    deks: createDeks({ store: createDekStore(readers), keyring }),
  });
  async function* list(): AsyncGenerator<SimulatedCall> {
    let next: string | undefined;
    do {
      const filter = {
        types: ['DECISION'],
        tenant: 'acme',
        ...(next === undefined ? {} : { beforeId: next }),
      };
      const page = await reader.list(filter, 1_000);
      for (const { record, context } of page.items) {
        const opened = context.state === 'open' ? context.value : undefined;
        const { id, tenant, atMs, data } = record;
        const call = toSimulatedCall({ id, tenant, atMs, data, context: opened });
        if (typeof call !== 'string') yield call;
      }
      ({ next } = page);
    } while (next !== undefined);
  }
  try {
    return await use(list);
  } finally {
    await ledger.close();
    await Promise.all([writers.end(), readers.end()]);
    await postgres.stop();
    await rm(keys, { recursive: true });
  }
}
