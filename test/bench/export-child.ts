import { createWriteStream } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createCmsSigner } from '../../src/crypto/cms-signed.ts';
import { encryptCms } from '../../src/crypto/cms-enveloped.ts';
import { createDeks } from '../../src/crypto/deks.ts';
import { openKeyringFile } from '../../src/crypto/keyring-file.ts';
import { createSelfSigned } from '../../src/crypto/self-signed.ts';
import { openSigningKeyFile } from '../../src/crypto/signing-key-file.ts';
import { createBundle } from '../../src/ledger/export/bundle.ts';
import { EXPORT_FIELDS, parseExportRequest } from '../../src/ledger/export/request.ts';
import { createDekStore } from '../../src/store/dek-store.ts';
import { createRecordSource } from '../../src/store/record-source.ts';
import { createPool } from '../../src/store/session.ts';
import { createTreeSource } from '../../src/store/tree-source.ts';
import { verifierText } from '../../src/compose/exports.ts';

/** One export in a process of its own, so that what it holds is what an export takes. Prints seconds and MiB. */
const [url = '', folder = '', wanted = ''] = process.argv.slice(2);
const at = (name: string): string => path.join(folder, name);
const now = (): number => Date.now();
const pool = createPool({ url, role: 'cordon_reader', deadlineMs: 60_000, max: 2 });
const source = createRecordSource(pool);
const { key, certificate } = createSelfSigned('bench', now());
const deps = {
  ...{ source, trees: createTreeSource(pool), origin: 'bench', version: 'bench', now },
  deks: createDeks({ store: createDekStore(pool), keyring: await openKeyringFile(at('keyring.json')) }),
  checkpointSigner: await openSigningKeyFile(at('checkpoint.pem'), 'bench'),
  manifestSigner: createCmsSigner(key, certificate, now()),
  policyFiles: () => Promise.resolve(undefined),
  verifier: await verifierText(),
};
const fields = EXPORT_FIELDS.find((name) => name === wanted) ?? 'metadata';
const certificates = await readFile(at('counsel.pem'), 'utf8');
const request = parseExportRequest('acme', { query: {}, fields, certificates }, now());
const heads = (await source.chains()).map(({ chain, seq }) => ({ chain, seq }));
const rss = (): number => process.memoryUsage.rss() / 2 ** 20;
const before = rss();
let most = before;
const timer = setInterval(() => {
  most = Math.max(most, rss());
}, 10);
const start = performance.now();
let records = 0;
const order = {
  ...{ id: '0190a1b2-0000-7000-8000-00000000000e', request, heads, custody: {}, directory: at('spool') },
  onProgress: (count: number) => {
    records = count;
  },
};
await pipeline(
  encryptCms(createBundle(deps, order), request.recipients),
  createWriteStream(at(`${fields}.p7m`)),
);
const seconds = (performance.now() - start) / 1_000;
clearInterval(timer);
await pool.end();
process.stdout.write(`${JSON.stringify({ records, seconds, before, most })}\n`);
