import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes, randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { createDeks } from '../../src/crypto/deks.ts';
import { openOrCreateKeyringFile } from '../../src/crypto/keyring-file.ts';
import { formatVerifier } from '../../src/crypto/signed-note.ts';
import { openOrCreateSigningKeyFile } from '../../src/crypto/signing-key-file.ts';
import { createLedger } from '../../src/ledger/ledger.ts';
import { createCheckpointer } from '../../src/ledger/tree/checkpointer.ts';
import { createDekStore } from '../../src/store/dek-store.ts';
import { createLedgerStore } from '../../src/store/ledger-store.ts';
import { openSearchTokens } from '../../src/compose/search-tokens.ts';
import { createPool } from '../../src/store/session.ts';
import { createTreeStore } from '../../src/store/tree-store.ts';
import { completion, decision } from '../support/ledger.ts';
import { startTestPostgres, type TestDatabase } from '../support/postgres.ts';
import { createTestCertificate } from '../support/x509.ts';
import { writeSection } from './results.ts';

const PAIRS = 50_000;
const IN_FLIGHT = 500;

/** A bundle of 100,000 records, made, opened and verified as a stranger does: seconds, megabytes, resident memory. */
export async function benchExport(): Promise<void> {
  const postgres = await startTestPostgres();
  const folder = mkdtempSync(path.join(tmpdir(), 'cordon-bench-'));
  try {
    const database = await postgres.createDatabase();
    const counsel = createTestCertificate({ commonName: 'Counsel' });
    writeFileSync(path.join(folder, 'counsel.pem'), counsel.certificate);
    writeFileSync(path.join(folder, 'counsel.key'), counsel.keyPem);
    const key = await seed(database, folder);
    const url = database.url('cordon_reader');
    const rows = ['metadata', 'originals'].map((fields) => measure(folder, url, key, fields));
    writeSection('Export of 100,000 records', [
      `${PAIRS} decisions and as many completions, three ciphertexts and one, 1 KB of prompt each; one chain, one recipient. The export runs in a process of its own; the database runs beside it.`,
      '',
      '| opened | records | made in | bundle | resident at start / at most | opened by openssl | verify.mjs |',
      '|---|---|---|---|---|---|---|',
      ...rows,
    ]);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function seed(database: TestDatabase, folder: string): Promise<string> {
  const url = database.url('cordon_writer');
  const pool = createPool({ url, role: 'cordon_writer', deadlineMs: 30_000, max: 2 });
  const keyring = await openOrCreateKeyringFile(path.join(folder, 'keyring.json'));
  const signer = await openOrCreateSigningKeyFile(path.join(folder, 'checkpoint.pem'), 'bench');
  const checkpointer = createCheckpointer({
    ...{ origin: 'bench', signer, store: createTreeStore(pool), sinks: [], now: Date.now },
    ...{ everyMs: 1_000, everyRecords: 1_024, sinkDeadlineMs: 30_000, onEvent: () => undefined },
  });
  const ledger = createLedger({
    ...{ store: createLedgerStore({ url, deadlineMs: 30_000, pool }), keyring, origin: 'bench' },
    ...{ deks: createDeks({ store: createDekStore(pool), keyring }), instance: 'bench', now: Date.now },
    tokens: openSearchTokens(keyring, []),
    random: (bytes) => randomFillSync(bytes),
    log: () => undefined,
    onDurable: (chain, leaves) => {
      checkpointer.append(chain, leaves);
    },
    limits: { deadlineMs: 30_000 },
  });
  await ledger.start();
  const protectedBody = randomBytes(500).toString('hex');
  for (let made = 0; made < PAIRS; made += IN_FLIGHT) {
    const some = Array.from({ length: IN_FLIGHT }, () => decision({ protectedBody }));
    await Promise.all(some.map((record) => ledger.begin(record)));
    await Promise.all(some.map((record) => ledger.finish(completion(record.requestId))));
  }
  await ledger.close();
  await checkpointer.close();
  await pool.end();
  return formatVerifier(signer);
}

function measure(folder: string, url: string, key: string, fields: string): string {
  const child = fileURLToPath(new URL('export-child.js', import.meta.url));
  const output = execFileSync(process.execPath, [child, url, folder, fields], { encoding: 'utf8' });
  const { records, seconds, before, most } = JSON.parse(output) as Readonly<
    Record<'records' | 'seconds' | 'before' | 'most', number>
  >;
  const at = (name: string): string => path.join(folder, name);
  const opening = performance.now();
  const files = [
    '-in',
    at(`${fields}.p7m`),
    '-inkey',
    at('counsel.key'),
    '-recip',
    at('counsel.pem'),
    '-out',
    at('export.tar'),
  ];
  const opened =
    spawnSync('openssl', ['cms', '-decrypt', '-binary', '-inform', 'DER', ...files]).status === 0;
  const openedS = (performance.now() - opening) / 1_000;
  const unpacked = at(fields);
  mkdirSync(unpacked);
  if (opened) execFileSync('tar', ['xf', at('export.tar'), '-C', unpacked]);
  const verifying = performance.now();
  const { status } = spawnSync(process.execPath, ['verify.mjs', '--key', key], { cwd: unpacked });
  const verifiedS = (performance.now() - verifying) / 1_000;
  const megabytes = statSync(at(`${fields}.p7m`)).size / 2 ** 20;
  rmSync(unpacked, { recursive: true });
  return [
    ...['', fields, String(records), `${seconds.toFixed(1)} s`, `${megabytes.toFixed(0)} MiB`],
    `${before.toFixed(0)} / ${most.toFixed(0)} MiB`,
    opened ? `${openedS.toFixed(1)} s` : 'not here',
    status === 0 ? `${verifiedS.toFixed(1)} s` : 'FAILED',
    '',
  ]
    .join(' | ')
    .trim();
}
