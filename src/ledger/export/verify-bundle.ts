/**
 * Checks an opened export bundle: that its files are those of its manifest, that every record's leaf follows from what is
 * shown of it, and that these leaves are in trees whose roots the given key signed. The compiled texts of this file and
 * of verify-tree.ts go into every bundle, as one verify.mjs: they use nothing but Node 18 itself, and no other file.
 */
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { newSha256, openCheckpoint, parseKey, PrunedTree, sha256, type Verifier } from './verify-tree.ts';

export interface BundleResult {
  /** What is wrong, each with the file or record it is about; nothing when empty. */
  readonly problems: readonly string[];
  readonly records: number;
  readonly chains: number;
}

interface ManifestChain {
  readonly chain: string;
  readonly size: number;
  readonly records: number;
  readonly checkpoint: string;
  readonly tree: string;
}

interface Manifest {
  readonly origin: string;
  readonly records: number;
  readonly chains: readonly ManifestChain[];
  readonly files: ReadonlyMap<string, { readonly bytes: number; readonly sha256: string }>;
}

interface Leaf {
  readonly chain: string;
  readonly seq: number;
  readonly leaf: string;
  readonly digests: JsonObject;
}

type JsonObject = Readonly<Record<string, unknown>>;

const FORMAT = 'cordon-export/1';
const SEALED_FIELDS = ['context', 'body', 'findings', 'response'];
/** These cannot be in the manifest, which is in them. */
const BESIDE_MANIFEST = ['manifest.json', 'manifest.p7s', 'SHA256SUMS'];
/** Beyond this many, more problems tell nothing new. */
const MAX_PROBLEMS = 1_000;
/** `key` is the verifier key of the checkpoints, `name+id+base64`, from a source other than the bundle. Throws when it is none. */
export async function verifyBundle(directory: string, key: string): Promise<BundleResult> {
  const problems: string[] = [];
  const report = (problem: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push(problem);
  };
  const verifier = parseKey(key);
  const manifest = await readManifest(path.join(directory, 'manifest.json'));
  if (manifest === undefined) {
    return {
      problems: ['manifest.json is missing or is no manifest of this version'],
      records: 0,
      chains: 0,
    };
  }
  let records = 0;
  if (await checkFiles(directory, manifest, report)) {
    // What is not of the shape it should be may fail anywhere.
    records = await checkRecords(directory, manifest, verifier, report).catch(() => {
      report('records.jsonl, leaves.jsonl or a tree is malformed');
      return 0;
    });
  }
  return { problems, records, chains: manifest.chains.length };
}

/** True when what the records are checked with is all there. */
async function checkFiles(
  directory: string,
  manifest: Manifest,
  report: (problem: string) => void,
): Promise<boolean> {
  const found = new Set(await listFiles(directory, ''));
  const wanted = [...manifest.files.keys(), ...BESIDE_MANIFEST];
  for (const name of wanted) if (!found.has(name)) report(`missing file: ${name}`);
  for (const name of found) if (!wanted.includes(name)) report(`file that is not in the manifest: ${name}`);
  const sums = new Map<string, string>();
  for (const name of wanted)
    if (found.has(name)) sums.set(name, await sha256File(path.join(directory, name)));
  for (const [name, { sha256, bytes }] of manifest.files) {
    if (!found.has(name)) continue;
    const { size } = await stat(path.join(directory, name));
    if (sums.get(name) !== sha256 || size !== bytes) report(`changed file: ${name}`);
  }
  if (found.has('SHA256SUMS')) {
    const lines = (await readFile(path.join(directory, 'SHA256SUMS'), 'utf8'))
      .split('\n')
      .filter((line) => line !== '');
    const listed = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
    for (const [name, sum] of sums) {
      if (name !== 'SHA256SUMS' && listed.get(name) !== sum)
        report(`SHA256SUMS does not agree with: ${name}`);
    }
  }
  const needed = [
    'records.jsonl',
    'leaves.jsonl',
    ...manifest.chains.flatMap(({ checkpoint, tree }) => [checkpoint, tree]),
  ];
  return needed.every((name) => found.has(name));
}

/** Paths below `directory`, with slashes. Whatever is neither file nor folder is listed, and so is not in the manifest. */
async function listFiles(directory: string, below: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const entry of await readdir(path.join(directory, below), { withFileTypes: true })) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) names.push(...(await listFiles(directory, name)));
    else names.push(entry.isFile() ? name : `${name} (not a file)`);
  }
  return names;
}

async function sha256File(file: string): Promise<string> {
  const state = newSha256();
  for await (const chunk of createReadStream(file)) state.update(Buffer.from(chunk as Uint8Array));
  return state.digest('hex');
}

async function checkRecords(
  directory: string,
  manifest: Manifest,
  verifier: Verifier,
  report: (problem: string) => void,
): Promise<number> {
  const records = lines(path.join(directory, 'records.jsonl'));
  const leaves = lines(path.join(directory, 'leaves.jsonl'));
  let count = 0;
  let next = await leaves.next();
  for (const expected of manifest.chains) {
    const { chain } = expected;
    const tree = new PrunedTree(lines(path.join(directory, expected.tree)));
    let inChain = 0;
    for (; next.done !== true; next = await leaves.next()) {
      const leaf = readLeaf(next.value);
      if (leaf?.chain !== chain) break;
      inChain += 1;
      const record = await records.next();
      const hash = checkRecord(leaf, record.done === true ? '' : record.value, report);
      if (!(await tree.show(leaf.seq - 1, hash)))
        report(`record ${leaf.seq} of chain ${chain} is out of order`);
    }
    count += inChain;
    if (inChain !== expected.records)
      report(`chain ${chain} has ${inChain} records, not ${expected.records}`);
    const note = await readFile(path.join(directory, expected.checkpoint), 'utf8');
    const signed = openCheckpoint(note, verifier, `${manifest.origin}/${chain}`);
    if (signed === undefined)
      report(`checkpoint of chain ${chain} is not signed by the key: ${expected.checkpoint}`);
    else if (signed.size !== expected.size)
      report(`checkpoint of chain ${chain} is of another size: ${expected.checkpoint}`);
    else if (!(await tree.end(signed.size))?.equals(signed.root)) {
      report(
        `records of chain ${chain} do not give the signed root (see the records named, and ${expected.tree})`,
      );
    }
  }
  if (next.done !== true) report('leaves.jsonl goes on behind the last chain of the manifest');
  if ((await records.next()).done !== true) report('records.jsonl has more records than leaves.jsonl');
  if (count !== manifest.records) report(`there are ${count} records, not ${manifest.records}`);
  return count;
}

/** The leaf as it follows from the record; what the record says of itself must be what its header says. */
function checkRecord(leaf: Leaf, line: string, report: (problem: string) => void): Buffer {
  const name = `record ${leaf.seq} of chain ${leaf.chain}`;
  const shown = parse(line);
  const header = typeof shown?.['raw_data'] === 'string' ? shown['raw_data'] : '';
  const digests = SEALED_FIELDS.flatMap((field) => {
    const digest = leaf.digests[field];
    return typeof digest === 'string' ? [Buffer.from(digest, 'hex')] : [];
  });
  const computed = sha256(Buffer.of(0), Buffer.from(header, 'utf8'), ...digests);
  const parts = parse(header);
  const inside = asObject(parts?.['record']);
  if (parts?.['chain'] !== leaf.chain || parts['seq'] !== leaf.seq || inside === undefined) {
    report(`${name}: records.jsonl shows another record, or none`);
    return computed;
  }
  if (computed.toString('hex') !== leaf.leaf) report(`${name}: its leaf does not follow from what is shown`);
  const metadata = asObject(shown?.['metadata']);
  if (
    shown?.['time'] !== inside['at'] ||
    metadata?.['uid'] !== inside['id'] ||
    metadata?.['event_code'] !== inside['type']
  ) {
    report(`${name}: its fields do not say what its header says`);
  }
  const sealed = inside['sealed'];
  if (!Array.isArray(sealed) || sealed.length !== digests.length)
    report(`${name}: a digest is missing or too many`);
  return computed;
}

/** Split at line feeds only: texts inside may hold every other kind of line end. */
async function* lines(file: string): AsyncGenerator<string, void> {
  let parts: string[] = [];
  for await (const chunk of createReadStream(file, 'utf8')) {
    const text = String(chunk);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      yield parts.join('') + text.slice(from, end);
      parts = [];
      from = end + 1;
    }
    parts.push(text.slice(from));
  }
  const last = parts.join('');
  if (last !== '') yield last;
}

async function readManifest(file: string): Promise<Manifest | undefined> {
  const json = parse(await readFile(file, 'utf8').catch(() => ''));
  const { format, origin, records, chains } = json ?? {};
  const files = asObject(json?.['files']);
  if (format !== FORMAT || typeof origin !== 'string' || typeof records !== 'number') return undefined;
  if (!Array.isArray(chains) || files === undefined) return undefined;
  const listed = Object.entries(files).map(([name, value]) => {
    const { bytes, sha256 } = asObject(value) ?? {};
    return [name, { bytes: Number(bytes), sha256: String(sha256) }] as const;
  });
  return { origin, records, chains: chains.map(readChain), files: new Map(listed) };
}

function readChain(value: unknown): ManifestChain {
  const { chain, size, records, checkpoint, tree } = asObject(value) ?? {};
  return {
    chain: String(chain),
    size: Number(size),
    records: Number(records),
    checkpoint: String(checkpoint),
    tree: String(tree),
  };
}

function readLeaf(line: string): Leaf | undefined {
  const json = parse(line);
  const { chain, seq, leaf } = json ?? {};
  const digests = asObject(json?.['digests']);
  if (typeof chain !== 'string' || typeof seq !== 'number' || typeof leaf !== 'string') return undefined;
  return digests === undefined ? undefined : { chain, seq, leaf, digests };
}

function parse(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

/** `node verify.mjs --key KEY [DIRECTORY]`: 0 when everything holds, 1 when something does not, 2 when it was not asked rightly. */
export async function main(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--key');
  const key = at < 0 ? undefined : args[at + 1];
  const [directory = '.', ...more] = at < 0 ? [] : [...args.slice(0, at), ...args.slice(at + 2)];
  if (key === undefined || more.length > 0) {
    process.stderr.write(
      'Usage: node verify.mjs --key NAME+ID+KEY [DIRECTORY]; see VERIFY.md on where to get the key.\n',
    );
    return 2;
  }
  const { problems, records, chains } = await verifyBundle(directory, key);
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  const fine = problems.length === 0;
  process.stdout.write(
    fine
      ? `Verified: ${records} records in ${chains} chains are what the signed checkpoints saw, and no file was changed, added or removed.\nWho made this bundle is another question: verify manifest.p7s with openssl (VERIFY.md).\n`
      : `NOT VERIFIED: ${problems.length} problem(s).\n`,
  );
  return fine ? 0 : 1;
}
