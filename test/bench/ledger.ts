import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { randomBytes, randomFillSync } from 'node:crypto';
import { openSearchTokens } from '../../src/compose/search-tokens.ts';
import { createDeks } from '../../src/crypto/deks.ts';
import { openOrCreateKeyringFile } from '../../src/crypto/keyring-file.ts';
import { createLedger } from '../../src/ledger/ledger.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { createDekStore } from '../../src/store/dek-store.ts';
import { createLedgerStore } from '../../src/store/ledger-store.ts';
import { createRecordSource } from '../../src/store/record-source.ts';
import { createPool } from '../../src/store/session.ts';
import { decision } from '../support/ledger.ts';
import { startTestPostgres } from '../support/postgres.ts';

/** Durable, encrypted records a second at several numbers in flight, then the time to verify them all. */
const SECONDS = Number(process.argv[2] ?? 4);
const PAYLOAD = randomBytes(1_000).toString('hex');

const postgres = await startTestPostgres();
const database = await postgres.createDatabase();
const keys = await mkdtemp(join(tmpdir(), 'cordon-bench-'));
const keyring = await openOrCreateKeyringFile(join(keys, 'keyring.json'));
const pool = createPool({
  url: database.url('cordon_writer'),
  role: 'cordon_writer',
  deadlineMs: 10_000,
  max: 2,
});
const readers = createPool({
  url: database.url('cordon_reader'),
  role: 'cordon_reader',
  deadlineMs: 60_000,
  max: 2,
});
const deks = createDeks({ store: createDekStore(pool), keyring });
const ledger = createLedger({
  store: createLedgerStore({ url: database.url('cordon_writer'), deadlineMs: 10_000, pool }),
  deks,
  keyring,
  tokens: openSearchTokens(keyring, ['US', 'GB', 'DE']),
  origin: 'bench',
  instance: 'bench',
  now: Date.now,
  random: (bytes) => randomFillSync(bytes),
  log: () => undefined,
  limits: { deadlineMs: 10_000 },
});
await ledger.start();

async function measure(inFlight: number, seconds: number): Promise<void> {
  const latencies: number[] = [];
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1_000;
  const caller = async () => {
    for (let now = performance.now(); now < end;) {
      await ledger.begin(decision({ protectedBody: PAYLOAD }));
      const after = performance.now();
      latencies.push(after - now);
      now = after;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  const elapsed = (performance.now() - start) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const cpuPerRecord = (cpu.user + cpu.system) / latencies.length;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(2);
  console.log(
    `${String(inFlight).padStart(3)} in flight: ${(latencies.length / elapsed).toFixed(0)} records/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, own CPU ${cpuPerRecord.toFixed(0)} µs a record`,
  );
}

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, payload 2,000 bytes, 3 sealed fields`,
);
await measure(64, 1);
for (const inFlight of [1, 16, 64]) await measure(inFlight, SECONDS);
await ledger.close();
const cpuBefore = process.cpuUsage();
const start = performance.now();
const result = await verifyLedger({ source: createRecordSource(readers) });
const seconds = (performance.now() - start) / 1_000;
const cpu = process.cpuUsage(cpuBefore);
const cpuPerRecord = (cpu.user + cpu.system) / result.records;
console.log(
  `verified ${result.records} records in ${seconds.toFixed(2)} s (${((seconds / result.records) * 100_000).toFixed(2)} s per 100k, own CPU ${cpuPerRecord.toFixed(0)} µs a record), ${result.problems.length} problems`,
);
await Promise.all([pool.end(), readers.end()]);
await postgres.stop();
await rm(keys, { recursive: true });
