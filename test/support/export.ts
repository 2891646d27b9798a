import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type pg from 'pg';
import { extract } from 'tar-stream';
import { createCmsSigner } from '../../src/crypto/cms-signed.ts';
import { createSelfSigned } from '../../src/crypto/self-signed.ts';
import { createNoteSigner, formatVerifier, type NoteSigner } from '../../src/crypto/signed-note.ts';
import { type JsonObject } from '../../src/domain/json.ts';
import { type DecisionRecord } from '../../src/domain/record.ts';
import { type BundleDeps, type BundleOrder, createBundle } from '../../src/ledger/export/bundle.ts';
import { type ExportFields, parseExportRequest } from '../../src/ledger/export/request.ts';
import { assembleVerifier } from '../../src/ledger/export/verifier-text.ts';
import { type RecordFilter } from '../../src/ledger/ports.ts';
import { createCheckpointer } from '../../src/ledger/tree/checkpointer.ts';
import { createPool } from '../../src/store/session.ts';
import { createTreeSource } from '../../src/store/tree-source.ts';
import { createTreeStore } from '../../src/store/tree-store.ts';
import { completion, createLedgerParts, decision, type LedgerParts, ORIGIN } from './ledger.ts';
import { type TestDatabase } from './postgres.ts';
import { createTestCertificate } from './x509.ts';

export const counsel = createTestCertificate({ commonName: 'Counsel' });
const compiled = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../src/ledger/export/${name}.js`, import.meta.url)), 'utf8');
export const verifierText = (): string =>
  assembleVerifier(compiled('verify-tree'), compiled('verify-bundle'));

export function temporary(t: Pick<ExecutionContext, 'teardown'>): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'cordon-export-'));
  t.teardown(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

export interface ExportScene {
  readonly database: TestDatabase;
  readonly parts: LedgerParts;
  readonly signer: NoteSigner;
  /** As given to `--key`. */
  readonly key: string;
  readonly authority: string;
  readonly deps: BundleDeps;
  readonly decisions: readonly DecisionRecord[];
}

/** A closed chain of decisions and completions, START and STOP, with checkpoints every `everyRecords`. */
export async function exportScene(
  t: Pick<ExecutionContext, 'teardown'>,
  database: TestDatabase,
  options: {
    readonly pairs?: number;
    readonly change?: (index: number) => Partial<DecisionRecord>;
    /** Whether the end of the chain is left without a checkpoint. */
    readonly unsigned?: boolean;
    readonly everyRecords?: number;
  } = {},
): Promise<ExportScene> {
  const { pairs = 20, change = () => ({}), unsigned = false, everyRecords = 7 } = options;
  const parts = await createLedgerParts(t, (role) => database.url(role));
  const pool = createPool({
    url: database.url('cordon_writer'),
    role: 'cordon_writer',
    deadlineMs: 20_000,
    max: 1,
  });
  const readers = createPool({
    url: database.url('cordon_reader'),
    role: 'cordon_reader',
    deadlineMs: 60_000,
    max: 2,
  });
  t.teardown(() => pool.end());
  t.teardown(() => readers.end());
  const signer = createNoteSigner(ORIGIN, generateKeyPairSync('ed25519').privateKey);
  const checkpointer = createCheckpointer({
    ...{
      origin: ORIGIN,
      signer,
      store: createTreeStore(pool),
      sinks: [],
      now: Date.now,
      everyMs: 1,
      everyRecords,
    },
    ...{ sinkDeadlineMs: 20_000, onEvent: () => undefined },
  });
  const ledger = parts.create({
    limits: { batchRows: 64 },
    onDurable: (chain, leaves) => {
      if (!unsigned) checkpointer.append(chain, leaves);
    },
  });
  await ledger.start();
  const decisions = Array.from({ length: pairs }, (_, index) => decision(change(index)));
  for (let at = 0; at < pairs; at += 500) {
    const some = decisions.slice(at, at + 500);
    await Promise.all(some.map((record) => ledger.begin(record)));
    await Promise.all(some.map((record) => ledger.finish(completion(record.requestId))));
  }
  await ledger.close();
  await checkpointer.close();
  const { deps, authority } = bundleDeps(parts, readers, signer);
  return { database, parts, signer, key: formatVerifier(signer), authority, deps, decisions };
}

/** What a bundle is made from, with a signer of manifests made for the occasion. */
export function bundleDeps(
  parts: Pick<LedgerParts, 'source' | 'deks'>,
  readers: pg.Pool,
  signer: NoteSigner,
): { readonly deps: BundleDeps; readonly authority: string } {
  const { key, certificate } = createSelfSigned('Cordon test', Date.now());
  const deps: BundleDeps = {
    ...{ source: parts.source, trees: createTreeSource(readers), deks: parts.deks, checkpointSigner: signer },
    manifestSigner: createCmsSigner(key, certificate, Date.now()),
    policyFiles: (hash) =>
      Promise.resolve(
        hash === 'ab'.repeat(32)
          ? { '': 'rules: []\n', gdpr: 'kind: pack\n', './teams/support.yaml': '# support\n' }
          : undefined,
      ),
    ...{ verifier: verifierText(), origin: ORIGIN, version: '0.0.0', now: Date.now },
  };
  return { deps, authority: certificate };
}

export async function orderOf(
  t: Pick<ExecutionContext, 'teardown'>,
  scene: Pick<ExportScene, 'parts'>,
  filter: RecordFilter = {},
  fields: ExportFields = 'metadata',
): Promise<BundleOrder> {
  const { tenant, ...query } = filter;
  const body = { query: { ...query }, fields, certificates: counsel.certificate };
  const request = parseExportRequest(
    tenant ?? '',
    JSON.parse(JSON.stringify(body)) as JsonObject,
    Date.now(),
  );
  return {
    id: '0190a1b2-0000-7000-8000-00000000000e',
    // Without a tenant, everybody's: for tests only.
    request: { ...request, filter },
    heads: (await scene.parts.source.chains()).map(({ chain, seq }) => ({ chain, seq })),
    custody: { requester: { subject: 'counsel' }, approver: { subject: 'officer' } },
    directory: path.join(temporary(t), 'spool'),
  };
}

export async function bytesOf(source: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) if (part instanceof Uint8Array) parts.push(part);
  return Buffer.concat(parts);
}

/** The files of a tar, in its order. */
export async function filesOf(tar: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const reading = extract();
  reading.end(tar);
  for await (const entry of reading) files.set(entry.header.name, await bytesOf(entry));
  return files;
}

export function unpack(t: Pick<ExecutionContext, 'teardown'>, files: ReadonlyMap<string, Buffer>): string {
  const directory = temporary(t);
  for (const [name, content] of files) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), content);
  }
  return directory;
}

export async function bundleOf(
  t: Pick<ExecutionContext, 'teardown'>,
  scene: Pick<ExportScene, 'parts' | 'deps'>,
  filter?: RecordFilter,
  fields?: ExportFields,
): Promise<ReadonlyMap<string, Buffer>> {
  return filesOf(await bytesOf(createBundle(scene.deps, await orderOf(t, scene, filter, fields))));
}

/** As a stranger runs it. */
export function runVerifier(
  directory: string,
  key: string,
): { readonly status: number | null; readonly output: string } {
  const result = spawnSync(process.execPath, ['verify.mjs', '--key', key], {
    cwd: directory,
    encoding: 'utf8',
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

export function edit(directory: string, name: string, change: (text: string) => string): void {
  const file = path.join(directory, name);
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (before === after) throw new Error('nothing was changed');
  writeFileSync(file, after);
}

/** A superuser switches off every trigger there is. */
export async function asSuperuser(database: TestDatabase, sql: string): Promise<void> {
  await database.query(`set session_replication_role = replica;
    do $$ declare found record; begin
      for found in select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'cordon' and c.relkind in ('r', 'p') loop
        execute format('alter table %s disable trigger all', found.name);
      end loop; end $$;
    ${sql}`);
}
