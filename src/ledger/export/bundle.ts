import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type CmsSigner, signCms } from '../../crypto/cms-signed.ts';
import { type Deks } from '../../crypto/deks.ts';
import { type NoteSigner } from '../../crypto/signed-note.ts';
import { type JsonObject } from '../../domain/json.ts';
import { type RecordFilter, type RecordSource, type StoredDrop } from '../ports.ts';
import { type TreeSource } from '../tree/chain-nodes.ts';
import { checkUnmoved } from '../unmoved.ts';
import { type ExportedChain, exportChain } from './chain.ts';
import { csvHead } from './csv.ts';
import { instructions } from './instructions.ts';
import { type ExportRequest, openedFields, queryOf, requestHash } from './request.ts';
import { ExportError } from './select.ts';
import { createSpool, inMemory, type Spool, type Spooled } from './spool.ts';
import { packTar } from './tar.ts';

/** Where a chain ended when the export was approved: later records are not in it. */
export interface FrozenHead {
  readonly chain: string;
  readonly seq: number;
}

export interface BundleDeps {
  readonly source: RecordSource;
  readonly trees: TreeSource;
  readonly deks: Deks;
  /** Signs checkpoints; here, of the end of a chain that nobody had signed yet. */
  readonly checkpointSigner: NoteSigner;
  /** Undefined when nobody is configured to sign. */
  readonly manifestSigner: CmsSigner | undefined;
  /**
   * The policy set that had this hash under the empty name, and what it includes under the names it gives them;
   * undefined when it is not known any more.
   */
  readonly policyFiles: (policyHash: string) => Promise<Readonly<Record<string, string>> | undefined>;
  /** verify.mjs. */
  readonly verifier: string;
  readonly origin: string;
  readonly version: string;
  readonly now: () => number;
}

export interface BundleOrder {
  readonly id: string;
  readonly request: ExportRequest;
  readonly heads: readonly FrozenHead[];
  /** Who asked and who approved, with the hash that was approved and the numbers of the records about it. */
  readonly custody: JsonObject;
  /** For spools; made if it is not there, and removed in the end. */
  readonly directory: string;
  /** Told how many records there are so far; throwing ends the export. */
  readonly onProgress?: (records: number) => void;
}

const FORMAT = 'cordon-export/1';
const PROGRESS_EVERY = 500;
/** Said to whoever asks for an export, and of one that was approved before. */
export const UNSIGNED = 'nobody is configured to sign exports: set exports.signing';

/**
 * The tar of a bundle. Everything is read once, into encrypted spools, because a tar says how long a file is before the
 * file, and the manifest, which comes first, has the hash of each. Rejects with an ExportError when what is stored does
 * not hold.
 */
export async function* createBundle(deps: BundleDeps, order: BundleOrder): AsyncGenerator<Uint8Array, void> {
  await mkdir(order.directory, { recursive: true, mode: 0o700 });
  const spools: Spool[] = [];
  const spool = async (name: string): Promise<Spool> => {
    const made = await createSpool(path.join(order.directory, name));
    spools.push(made);
    return made;
  };
  try {
    yield* packTar(await writeFiles(deps, order, spool), deps.now());
  } finally {
    await Promise.all(spools.map((made) => made.close()));
    await rm(order.directory, { recursive: true, force: true });
  }
}

type Files = Map<string, Spooled>;

async function writeFiles(
  deps: BundleDeps,
  order: BundleOrder,
  spool: (name: string) => Promise<Spool>,
): Promise<Files> {
  const { manifestSigner } = deps;
  if (manifestSigner === undefined) throw new ExportError(UNSIGNED);
  const content = await writeRecords(deps, order, spool);
  const files: Files = new Map();
  for (const [name, text] of await policyFiles(deps, content.policies)) files.set(name, inMemory(text));
  const records = content.chains.reduce((sum, chain) => sum + chain.records, 0);
  const { id, request } = order;
  const opened = request.fields !== 'metadata';
  files.set('VERIFY.md', inMemory(Buffer.from(instructions({ id, origin: deps.origin, records, opened }))));
  files.set('verify.mjs', inMemory(Buffer.from(deps.verifier)));
  files.set('custody.json', inMemory(pretty(order.custody)));
  for (const [name, file] of content.files) files.set(name, file);
  const manifest = pretty(manifestOf(deps, order, content, files, records));
  const signature = signCms(manifest, manifestSigner, deps.now());
  const head: Files = new Map([
    ['manifest.json', inMemory(manifest)],
    ['manifest.p7s', inMemory(signature)],
  ]);
  const sums = [...head, ...files].map(([name, { sha256 }]) => `${sha256}  ${name}\n`).join('');
  return new Map([...head, ['SHA256SUMS', inMemory(Buffer.from(sums))], ...files]);
}

interface Content {
  readonly chains: readonly ExportedChain[];
  /** Months that retention had dropped, so that records of theirs cannot be here. */
  readonly dropped: readonly StoredDrop[];
  readonly policies: ReadonlySet<string>;
  readonly files: Files;
}

async function writeRecords(
  deps: BundleDeps,
  { request, heads, onProgress }: BundleOrder,
  spool: (name: string) => Promise<Spool>,
): Promise<Content> {
  const [records, leaves, csv] = [await spool('records'), await spool('leaves'), await spool('csv')];
  const policies = new Set<string>();
  const chains: ExportedChain[] = [];
  const files: Files = new Map();
  const dropped = await deps.source.drops();
  let count = 0;
  await csv.write(csvHead());
  for (const head of heads) {
    onProgress?.(count);
    const tree = await spool(`tree-${head.chain}`);
    const chain = await exportChain(
      deps,
      head,
      { ...request, opened: openedFields(request.fields) },
      {
        records,
        leaves,
        csv,
        tree,
        policy: (name) => policies.add(name),
        exported: () => {
          count += 1;
          if (count % PROGRESS_EVERY === 0) onProgress?.(count);
        },
      },
    );
    if (chain === undefined) {
      await tree.close();
      continue;
    }
    chains.push(chain);
    files.set(chain.checkpointFile, inMemory(Buffer.from(chain.checkpoint)));
    files.set(chain.treeFile, await tree.finish());
  }
  files.set('leaves.jsonl', await leaves.finish());
  files.set('records.csv', await csv.finish());
  files.set('records.jsonl', await records.finish());
  onProgress?.(count);
  // Half a month would look like all there was; what is whole is either here or among those dropped.
  await checkUnmoved(deps.source, dropped);
  return { chains, dropped, policies, files };
}

async function policyFiles(
  deps: BundleDeps,
  policies: ReadonlySet<string>,
): Promise<readonly (readonly [string, Buffer])[]> {
  const files: (readonly [string, Buffer])[] = [];
  for (const name of policies) {
    const texts = /^[0-9a-f]{64}$/.test(name) ? await deps.policyFiles(name) : undefined;
    for (const [key, text] of Object.entries(texts ?? {})) {
      const file =
        key === '' ? `${name}.yaml` : path.posix.join(name, /\.ya?ml$/.test(key) ? key : `${key}.yaml`);
      files.push([`policy/${file}`, Buffer.from(text)]);
    }
  }
  return files;
}

function manifestOf(
  deps: BundleDeps,
  { id, request, custody }: BundleOrder,
  { chains, dropped, policies }: Content,
  files: Files,
  records: number,
): JsonObject {
  return {
    format: FORMAT,
    id,
    created: new Date(deps.now()).toISOString(),
    cordon: deps.version,
    origin: deps.origin,
    tenant: request.filter.tenant ?? null,
    query: queryOf(request.filter),
    fields: request.fields,
    requestHash: requestHash(request),
    recipients: request.recipients.map(({ subject, fingerprint }) => ({ subject, sha256: fingerprint })),
    requester: custody['requester'] ?? null,
    approver: custody['approver'] ?? null,
    records,
    chains: chains.map(({ chain, size, records: count, checkpointFile, treeFile, signedAtExport }) => ({
      ...{ chain, size, records: count, checkpoint: checkpointFile, tree: treeFile, signedAtExport },
    })),
    dropped: dropped
      .filter(({ month }) => meets(month, request.filter))
      .map(({ month, start }) => ({ month, record: start })),
    policies: [...policies].map((name) => ({ sha256: name, text: files.has(`policy/${name}.yaml`) })),
    files: Object.fromEntries([...files].map(([name, { bytes, sha256 }]) => [name, { bytes, sha256 }])),
  };
}

function meets(month: string, { fromMs = -Infinity, toMs = Infinity }: RecordFilter): boolean {
  const first = new Date(`${month}T00:00:00Z`);
  return first.getTime() < toMs && Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1) > fromMs;
}

function pretty(value: JsonObject): Buffer {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}
