import { type FileHandle, open } from 'node:fs/promises';
import { type JsonObject } from '../../domain/json.ts';
import { asObject, parseJson } from '../header.ts';
import { SEALED_FIELDS } from '../leaf.ts';
import {
  type Batch,
  type ChainHead,
  type LeafRun,
  type SealedFields,
  type StoredDrop,
  type StoredRow,
} from '../ports.ts';
import { readLines } from './lines.ts';
import { DUMP_FORMAT, type DumpedSource, type StoredCheckpoint } from './write.ts';

/** The file is no dump, or not a whole one. */
class DumpError extends Error {
  override readonly name = 'DumpError';
}

export interface OpenDump extends DumpedSource {
  close(): Promise<void>;
}

/** Lines of one kind and chain: where every so many-th of them begins. */
interface Section {
  readonly marks: { readonly at: number; readonly offset: number }[];
  lines: number;
  last: number;
}

/** Lines between two places that are remembered. */
const MARK_EVERY = 512;
const PREFIX = /^([cbrkdy]) ([0-9a-f-]{36}) (0|[1-9]\d{0,15}) (?=\{)/;
const END = /^e - (\d{1,16}) \{\}$/;
const PREFIX_BYTES = 64;
/** Runs of leaves read at a time. */
const RUNS = 100;

/** Reads the file once to learn its places; then it serves a verification as a database would. */
export async function openDump(path: string): Promise<OpenDump> {
  const file = await open(path, 'r');
  try {
    return createSource(file, await readIndex(file));
  } catch (error) {
    await file.close();
    throw error instanceof RangeError ? new DumpError(error.message) : error;
  }
}

async function readIndex(file: FileHandle): Promise<ReadonlyMap<string, Section>> {
  const sections = new Map<string, Section>();
  let [lines, ended, current] = [-1, false, ''];
  for await (const { offset, bytes } of readLines(file)) {
    if (ended) throw new DumpError('the dump goes on behind its end');
    const head = bytes.toString('latin1', 0, PREFIX_BYTES);
    if (lines < 0) {
      if (head !== DUMP_FORMAT) throw new DumpError('this is not a dump of this version');
    } else if (head.startsWith('e')) {
      if (END.exec(head)?.[1] !== String(lines)) throw new DumpError('lines of the dump are missing');
      ended = true;
    } else {
      const [, kind = '', chain = '', place = ''] = PREFIX.exec(head) ?? [];
      const name = nameOf(kind, chain);
      let section = sections.get(name);
      if (kind === '' || (section !== undefined && name !== current))
        throw new DumpError('a line of the dump is malformed, or stands elsewhere than it should');
      current = name;
      section ??= { marks: [], lines: 0, last: -1 };
      sections.set(name, section);
      addLine(section, name === kind ? section.lines : Number(place), offset);
    }
    lines += 1;
  }
  if (!ended) throw new DumpError('the dump was cut short');
  return sections;
}

/** Chains and drops are one section each, whatever chain they name. */
function nameOf(kind: string, chain: string): string {
  return kind === 'c' || kind === 'd' ? kind : `${kind} ${chain}`;
}

function addLine(section: Section, at: number, offset: number): void {
  if (at < section.last) throw new DumpError('lines of the dump are not in order');
  if (section.lines % MARK_EVERY === 0) section.marks.push({ at, offset });
  section.lines += 1;
  section.last = at;
}

function createSource(file: FileHandle, sections: ReadonlyMap<string, Section>): OpenDump {
  /** Parsed lines of a section behind a place, in the order of the file. */
  async function read<T>(
    name: string,
    after: number,
    limit: number,
    parse: (json: JsonObject, chain: string, at: number) => T,
  ): Promise<readonly T[]> {
    const section = sections.get(name);
    const found: T[] = [];
    if (section === undefined) return found;
    // The last place that is surely not behind the first line wanted.
    const mark = section.marks.findLast(({ at }) => at <= after) ?? section.marks[0];
    for await (const { bytes } of readLines(file, mark?.offset ?? 0)) {
      const [prefix = '', kind = '', chain = '', place = ''] =
        PREFIX.exec(bytes.toString('latin1', 0, PREFIX_BYTES)) ?? [];
      if (nameOf(kind, chain) !== name || found.length === limit) break;
      if (Number(place) <= after) continue;
      const json = asObject(parseJson(bytes.toString('utf8', prefix.length)));
      if (json === undefined) throw new DumpError('a line of the dump is no JSON');
      found.push(parse(json, chain, Number(place)));
    }
    return found;
  }

  const chains = (): Promise<readonly ChainHead[]> => read('c', -1, Infinity, toHead);
  return {
    chains,
    batches: (chain, after, limit) => read(`b ${chain}`, after, limit, toBatch),
    rows: (chain, after, limit) => read(`r ${chain}`, after, limit, toRow),
    checkpoints: (chain, after, limit) => read(`k ${chain}`, after, limit, toCheckpoint),
    drops: () => read('d', -1, Infinity, toDrop),
    chainRuns: (chain, after, limit) => read(`y ${chain}`, after, limit, toRun),
    async dropRuns(start, after, limit): Promise<readonly LeafRun[]> {
      const found: LeafRun[] = [];
      const named = [...sections.keys()].flatMap((name) => (name.startsWith('y ') ? [name.slice(2)] : []));
      for (const chain of named.sort().filter((one) => after === undefined || one >= after.chain)) {
        let from = after?.chain === chain ? after.firstSeq : -1;
        for (let page = await read(`y ${chain}`, from, RUNS, toRun); page.length > 0;) {
          found.push(...page.filter((run) => run.start === start));
          if (found.length >= limit) return found.slice(0, limit);
          from = page.at(-1)?.firstSeq ?? from;
          page = await read(`y ${chain}`, from, RUNS, toRun);
        }
      }
      return found;
    },
    async strayChains(): Promise<readonly string[]> {
      const listed = new Set((await chains()).map(({ chain }) => chain));
      const named = [...sections.keys()].flatMap((name) => (/^[br] /.test(name) ? [name.slice(2)] : []));
      return [...new Set(named)].filter((chain) => !listed.has(chain));
    },
    close: () => file.close(),
  };
}

function toHead(json: JsonObject, chain: string): ChainHead {
  const closed = json['closed'] === true;
  const [openedMs, seq] = [integer(json, 'openedMs'), integer(json, 'seq')];
  return { chain, instance: text(json, 'instance'), openedMs, seq, hash: hash(json, 'hash'), closed };
}

function toBatch(json: JsonObject, chain: string, firstSeq: number): Batch {
  const [root, prev, own] = [hash(json, 'root'), hash(json, 'prev'), hash(json, 'hash')];
  return { chain, firstSeq, lastSeq: integer(json, 'lastSeq'), root, prev, hash: own };
}

function toRow(json: JsonObject, _chain: string, seq: number): StoredRow {
  return {
    seq,
    requestId: text(json, 'requestId'),
    type: text(json, 'type'),
    tenant: text(json, 'tenant'),
    atMs: integer(json, 'atMs'),
    period: text(json, 'period'),
    header: text(json, 'header'),
    leaf: hash(json, 'leaf'),
    fields: {},
    digests: digestsOf(asObject(json['digests']) ?? {}),
  };
}

function toDrop(json: JsonObject, chain: string): StoredDrop {
  const [start, month, header] = [text(json, 'start'), text(json, 'month'), text(json, 'header')];
  return { start, month, chain, seq: integer(json, 'seq'), header };
}

function toRun(json: JsonObject, chain: string, firstSeq: number): LeafRun {
  return { start: text(json, 'start'), chain, firstSeq, leaves: Buffer.from(text(json, 'leaves'), 'base64') };
}

function toCheckpoint(json: JsonObject, chain: string, size: number): StoredCheckpoint {
  return { chain, size, note: text(json, 'note') };
}

function digestsOf(json: JsonObject): SealedFields<Buffer> {
  const digests: { -readonly [K in keyof SealedFields<Buffer>]: SealedFields<Buffer>[K] } = {};
  for (const field of SEALED_FIELDS) if (json[field] !== undefined) digests[field] = hash(json, field);
  return digests;
}

function text(json: JsonObject, name: string): string {
  const value = json[name];
  if (typeof value !== 'string') throw new DumpError(`a line of the dump has no ${name}`);
  return value;
}

function integer(json: JsonObject, name: string): number {
  const value = json[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw new DumpError(`a line of the dump has no ${name}`);
  return value;
}

function hash(json: JsonObject, name: string): Buffer {
  const value = text(json, name);
  if (!/^[0-9a-f]{64}$/.test(value)) throw new DumpError(`a line of the dump has no ${name}`);
  return Buffer.from(value, 'hex');
}
