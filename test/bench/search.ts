import { randomFillSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openSearchTokens } from '../../src/compose/search-tokens.ts';
import { createDeks } from '../../src/crypto/deks.ts';
import { openOrCreateKeyringFile } from '../../src/crypto/keyring-file.ts';
import { createUuidV7 } from '../../src/domain/id.ts';
import { createLedger, type RunningLedger } from '../../src/ledger/ledger.ts';
import { parseSearchQuery } from '../../src/ledger/search/query.ts';
import { createSearcher } from '../../src/ledger/search/search.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { breachScope } from '../../src/reports/breach.ts';
import { accountDisclosures } from '../../src/reports/disclosures.ts';
import { type ScopeFilter } from '../../src/reports/ports.ts';
import { createDekStore } from '../../src/store/dek-store.ts';
import { createFactSource } from '../../src/store/fact-source.ts';
import { createLedgerStore } from '../../src/store/ledger-store.ts';
import { createRecordSource } from '../../src/store/record-source.ts';
import { createReportSource } from '../../src/store/report-source.ts';
import { createPool } from '../../src/store/session.ts';
import { completion, decision } from '../support/ledger.ts';
import { startTestPostgres } from '../support/postgres.ts';
import { writeSection } from './results.ts';

/** Two records a call. */
const RECORDS = Number(process.env['CORDON_BENCH_RECORDS'] ?? 1_000_000);
const DAY_MS = 86_400_000;
const DAYS = 55;
const IN_FLIGHT = 64;
const SUBJECTS = 3_000;
const PERSONS = 100_000;
const QUERIES = 100;
const PAYLOAD = 'x'.repeat(1_200);
const PURPOSES = ['support', 'research', 'billing', 'hiring', 'care', 'audit'];
const ENTITIES = ['PERSON', 'EMAIL_ADDRESS', 'PHONE_NUMBER', 'IBAN_CODE', 'ADDRESS', 'US_SSN'];
const ACTOR = { tenant: 'acme', subject: 'counsel' };

/** Deterministic, so that two runs make the same ledger. */
function createRandom(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

type Open = Awaited<ReturnType<typeof open>>;

async function open() {
  const postgres = await startTestPostgres();
  const database = await postgres.createDatabase();
  const keys = await mkdtemp(join(tmpdir(), 'cordon-bench-'));
  const keyring = await openOrCreateKeyringFile(join(keys, 'keyring.json'));
  const pool = (role: 'cordon_writer' | 'cordon_reader', use: 'paging' | 'searching') =>
    createPool({ url: database.url(role), role, deadlineMs: 600_000, max: 2, use });
  const pools = {
    writer: pool('cordon_writer', 'paging'),
    reader: pool('cordon_reader', 'paging'),
    search: pool('cordon_reader', 'searching'),
  };
  const tokens = openSearchTokens(keyring, ['US', 'GB', 'DE']);
  const store = createLedgerStore({
    url: database.url('cordon_writer'),
    deadlineMs: 60_000,
    pool: pools.writer,
  });
  const ledger = createLedger({
    ...{ store, keyring, tokens, origin: 'bench', instance: 'bench', now: Date.now },
    deks: createDeks({ store: createDekStore(pools.writer), keyring }),
    random: (bytes) => randomFillSync(bytes),
    log: () => undefined,
    limits: { deadlineMs: 60_000 },
  });
  for (const days of [DAYS, 30, 0]) await store.ensurePartitions(Date.now() - days * DAY_MS);
  await ledger.start();
  return { postgres, database, keys, keyring, pools, tokens, ledger };
}

/** The call with this number; calls come in the order of their numbers. */
function write(ledger: RunningLedger, n: number, calls: number, startMs: number): Promise<unknown> {
  const random = createRandom(n * 7 + 1);
  const atMs = startMs + Math.floor((n / calls) * DAYS * DAY_MS);
  const requestId = createUuidV7(atMs, (bytes) => randomFillSync(bytes));
  const persons = [random(PERSONS), random(PERSONS)];
  const found = ENTITIES.filter(() => random(3) === 0);
  const runner = `runner-${random(4)}`;
  const one = decision({
    ...{ requestId, atMs, dataSubject: `patient-${random(SUBJECTS)}`, protectedBody: PAYLOAD },
    principal: { ...decision().principal, subject: `caller-${random(200)}` },
    purpose: PURPOSES[Math.min(random(6), random(6))],
    model: `model-${random(5)}`,
    destination: { runner, trust: 'external', region: 'eu' },
    // Most rules decide rarely.
    ruleIds: ['allow-all', `rule-${Math.floor(1_000 ** (random(1_000) / 1_000))}`],
    counts: Object.fromEntries(found.map((entity) => [entity, 2])),
    handling: Object.fromEntries(found.map((entity) => [entity, 'pseudonymise' as const])),
    values: persons.flatMap((person) => [
      { entity: 'EMAIL_ADDRESS', value: `person.${person}@example.org` },
      { entity: 'PERSON', value: `Given${person % 500} Family${person}` },
    ]),
  });
  const began = ledger.begin(one);
  const outcome = random(1_000) === 0 ? 'upstream_error' : 'complete';
  const attempts = [{ runner, outcome: 'answered' as const }];
  const ended = completion(requestId, { atMs: atMs + 900, outcome, attempts, response: PAYLOAD.slice(600) });
  return Promise.all([began, ledger.finish(ended)]);
}

/** Seconds of CPU that the writer's backend has used. */
async function backendSeconds({ database }: Open): Promise<number> {
  const [row] = await database.query(
    "select pid from pg_stat_activity where application_name like 'cordon _%' limit 1",
  );
  const stat = await readFile(`/proc/${String(row?.['pid'])}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function generate(parts: Open): Promise<readonly string[]> {
  const calls = RECORDS / 2;
  const startMs = Date.now() - DAYS * DAY_MS;
  const [cpu, backend, start] = [process.cpuUsage(), await backendSeconds(parts), performance.now()];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < calls) await write(parts.ledger, next++, calls, startMs);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  const seconds = (performance.now() - start) / 1_000;
  const used = process.cpuUsage(cpu);
  const perRecord = (micros: number): string => (micros / RECORDS).toFixed(0);
  return [
    `| append, ${IN_FLIGHT} calls in flight, records/s | ${(RECORDS / seconds).toFixed(0)} |`,
    `| own CPU a record, µs | ${perRecord(used.user + used.system)} |`,
    `| CPU of the database's writing backend a record, µs | ${perRecord(((await backendSeconds(parts)) - backend) * 1e6)} |`,
  ];
}

async function sizes({ database }: Open): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const table of ['records', 'facts', 'index_entries', 'deks', 'batches']) {
    const [row] = await database.query(
      `select sum(pg_table_size(c.oid))::float8 as heap, sum(pg_indexes_size(c.oid))::float8 as indexes
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'cordon' and c.relkind = 'r' and (c.relname = $1 or c.relname ~ ('^' || $1 || '_(\\d{4}_\\d{2}|default)$'))`,
      [table],
    );
    const each = (bytes: unknown): string => (Number(bytes) / RECORDS).toFixed(0);
    lines.push(`| ${table} | ${each(row?.['heap'])} | ${each(row?.['indexes'])} |`);
  }
  return lines;
}

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

async function searches(parts: Open): Promise<readonly string[]> {
  const { keyring, tokens, ledger, pools } = parts;
  const searcher = createSearcher({
    ...{ keyring, tokens, now: Date.now, note: (record) => ledger.note(record) },
    source: createFactSource(pools.search),
  });
  const random = createRandom(99);
  const day = (): object => {
    const from = Date.now() - (1 + random(DAYS - 1)) * DAY_MS;
    return { from: new Date(from).toISOString(), to: new Date(from + DAY_MS).toISOString() };
  };
  const kinds: Readonly<Record<string, () => object>> = {
    'data subject': () => ({ subject: `patient-${random(SUBJECTS)}` }),
    'e-mail address in a call': () => ({ email: `person.${random(PERSONS)}@example.org` }),
    'name in a call': () => {
      const person = random(PERSONS);
      return { name: `Given${person % 500} Family${person}` };
    },
    'value of no kind': () => ({ value: `person.${random(PERSONS)}@example.org` }),
    principal: () => ({ principal: `caller-${random(200)}` }),
    'a rule': () => ({ rule: `rule-${random(1_000)}` }),
    'no filter': () => ({}),
    'outcome upstream_error': () => ({ outcome: 'upstream_error' }),
    'subject, entity and purpose': () => ({
      ...{ subject: `patient-${random(SUBJECTS)}`, entity: 'PERSON', purpose: PURPOSES[random(6)] },
    }),
    'a day, runner, model and entity': () => ({
      ...{ ...day(), runner: `runner-${random(4)}`, model: `model-${random(5)}`, entity: 'US_SSN' },
    }),
    'purpose, outcome upstream_error and entity': () => ({
      ...{ purpose: PURPOSES[random(6)], outcome: 'upstream_error', entity: 'IBAN_CODE' },
    }),
    'principal and a rule': () => ({ principal: `caller-${random(200)}`, rule: `rule-${random(1_000)}` }),
  };
  const lines: string[] = [];
  for (const [name, make] of Object.entries(kinds)) {
    const times: number[] = [];
    let found = 0;
    for (let i = 0; i < QUERIES; i++) {
      const query = parseSearchQuery(make());
      const start = performance.now();
      const { items } = await searcher.search(ACTOR, { query, limit: 50 });
      times.push(performance.now() - start);
      found += items.length;
    }
    times.sort((a, b) => a - b);
    lines.push(
      `| ${name} | ${(found / QUERIES).toFixed(1)} | ${percentile(times, 0.5)} | ${percentile(times, 0.95)} |`,
    );
  }
  return lines;
}

async function reports({ pools, database }: Open): Promise<readonly string[]> {
  const source = createReportSource(pools.search);
  const all: ScopeFilter = { tenant: 'acme', types: ['DECISION'], tags: [], endTags: [], tokens: [] };
  const [dek] = await database.query(
    "select id::text as id from cordon.deks where kind = 'tenant' and tenant = 'acme' limit 1",
  );
  const fromMs = Date.now() - 20 * DAY_MS;
  const kinds: Readonly<Record<string, ScopeFilter>> = {
    everything: all,
    'one week': { ...all, fromMs, toMs: fromMs + 7 * DAY_MS },
    'what reached one runner': { ...all, reached: 'runner-1' },
    'one rule': { ...all, tags: ['rule:rule-7'] },
    "a tenant's data key of one month": { ...all, deks: [String(dek?.['id'])] },
  };
  const lines: string[] = [];
  for (const [name, filter] of Object.entries(kinds)) {
    const start = performance.now();
    const { scope } = await breachScope(source, filter);
    const seconds = (performance.now() - start) / 1_000;
    lines.push(`| breach scope: ${name} | ${scope.records} | ${seconds.toFixed(2)} |`);
  }
  const start = performance.now();
  const counted = await accountDisclosures(source, all);
  lines.push(
    `| disclosures | ${counted.length} lines | ${((performance.now() - start) / 1_000).toFixed(2)} |`,
  );
  return lines;
}

export async function benchSearch(): Promise<void> {
  const parts = await open();
  const { pools, ledger, postgres, keys, database } = parts;
  try {
    const append = await generate(parts);
    // As autovacuum does by itself once it comes round.
    await database.query('analyze cordon.facts');
    await database.query('analyze cordon.index_entries');
    const found = await searches(parts);
    const counted = await reports(parts);
    await ledger.close();
    const start = performance.now();
    const verified = await verifyLedger({ source: createRecordSource(pools.reader) });
    const seconds = (performance.now() - start) / 1_000;
    writeSection('Search', [
      `A generated ledger of ${RECORDS} records (${RECORDS / 2} calls: 4 values, 3,400 characters of payload, ${SUBJECTS} data subjects, ${PERSONS} persons in the calls), written by the real writer. A search includes writing the record that it was made, durably.`,
      '',
      ...['| figure | value |', '| --- | --- |', ...append],
      `| verify (hashes), s | ${seconds.toFixed(1)} |`,
      `| load average of the machine when it ended | ${loadavg()
        .map((load) => load.toFixed(1))
        .join(' / ')} |`,
      `| problems found by it | ${verified.problems.length} |`,
      '',
      ...['| search by | found a page | p50 ms | p95 ms |', '| --- | --- | --- | --- |', ...found],
      '',
      ...['| report | records | s |', '| --- | --- | --- |', ...counted],
      '',
      ...['| table | heap, bytes a record | indexes, bytes a record |', '| --- | --- | --- |'],
      ...(await sizes(parts)),
    ]);
  } finally {
    await Promise.all([pools.writer.end(), pools.reader.end(), pools.search.end()]);
    await postgres.stop();
    await rm(keys, { recursive: true, force: true });
  }
}
