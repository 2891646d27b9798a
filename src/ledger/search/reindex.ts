import { type Deks } from '../../crypto/deks.ts';
import { type DetectedValue } from '../../domain/record.ts';
import { asObject, parseHeader, parseJson, type Header } from '../header.ts';
import { openField } from '../open-field.ts';
import { type ChainHead, type FoundRow } from '../ports.ts';
import { factsOf, type Facts } from './facts.ts';
import { type Token, type Tokens } from './tokens.ts';

/** A record as the index should have it. */
export interface IndexedRecord extends Facts {
  readonly row: FoundRow;
  /** The data key of what its data subject owns: once that is destroyed, the subject is not indexed any more. */
  readonly subjectDek: string | undefined;
  readonly tokens: readonly Token[];
}

export interface ReindexProgress {
  readonly chain: string;
  readonly seq: number;
  readonly records: number;
}

export interface ReindexStore {
  chains(): Promise<readonly Pick<ChainHead, 'chain'>[]>;
  /** In order of `seq`; with `findings`, that payload too. */
  rows(chain: string, afterSeq: number, limit: number, findings: boolean): Promise<readonly FoundRow[]>;
  progress(): Promise<ReindexProgress | undefined>;
  /** In one transaction; returns how many rows of the index were not as they should be. `keep: false` changes none. */
  put(records: readonly IndexedRecord[], progress: ReindexProgress, keep: boolean): Promise<number>;
  /** Removes what no record bears out, forgets the progress; returns how many rows that were. */
  end(): Promise<number>;
}

export interface Reindexed {
  /** All that were read, those before an interruption included. */
  readonly records: number;
  /** Rows of the index that were missing or wrong, in this run. */
  readonly changed: number;
}

const PAGE = 500;

/**
 * Builds what searches go by from the records again: facts from headers, and with `deks` tokens from the originals that
 * still open. A value that was masked, hashed or blocked left no original; tokens of those are never built again, and
 * none is deleted. Goes on where an interrupted run stopped. Safe on a ledger that is written to.
 */
export async function reindex(options: {
  readonly store: ReindexStore;
  readonly tokens: Tokens;
  readonly deks?: Deks;
  /** False: only counts what is wrong. */
  readonly keep: boolean;
  readonly onProgress?: (records: number) => void;
}): Promise<Reindexed> {
  const { store, keep, deks, tokens } = options;
  const start = keep ? await store.progress() : undefined;
  let records = start?.records ?? 0;
  let changed = 0;
  // Ids of chains grow with time, so what is before the one that was being read has been read.
  const chains = (await store.chains()).map(({ chain }) => chain).sort();
  for (const chain of chains.filter((each) => start === undefined || each >= start.chain)) {
    let seq = chain === start?.chain ? start.seq : 0;
    for (;;) {
      const rows = await store.rows(chain, seq, PAGE, deks !== undefined);
      const last = rows.at(-1);
      if (last === undefined) break;
      const indexed = await Promise.all(rows.map((row) => indexRow(row, tokens, deks)));
      seq = last.seq;
      records += rows.length;
      const known = indexed.filter((each) => each !== undefined);
      changed += await store.put(known, { chain, seq, records }, keep);
      options.onProgress?.(records);
    }
  }
  return { records, changed: changed + (keep ? await store.end() : 0) };
}

/** Undefined when the header is none of ours: that is for a verification to say. */
async function indexRow(
  row: FoundRow,
  tokens: Tokens,
  deks: Deks | undefined,
): Promise<IndexedRecord | undefined> {
  const header = parseHeader(row.header);
  if (header?.id !== row.requestId || header.type !== row.type) return undefined;
  return {
    row,
    ...factsOf(header.type, header.data),
    subjectDek: header.sealed.find(({ field }) => field === 'findings')?.dek,
    tokens: deks === undefined ? [] : await tokensOf(header, row, tokens, deks),
  };
}

async function tokensOf(
  header: Header,
  row: FoundRow,
  tokens: Tokens,
  deks: Deks,
): Promise<readonly Token[]> {
  const envelope = row.fields.findings;
  if (envelope === undefined || header.type !== 'DECISION') return [];
  const opened = await openField(header, 'findings', envelope, deks);
  const findings = opened.state === 'open' ? asObject(parseJson(opened.text)) : undefined;
  const { dataSubject } = findings ?? {};
  if (typeof dataSubject !== 'string') return [];
  const values: DetectedValue[] = [];
  const found = new Set<Token>();
  for (const [mark, value] of Object.entries(asObject(findings?.['originals']) ?? {})) {
    if (typeof value !== 'string') continue;
    const entity = /^<([A-Z][A-Z0-9_]*?)_#?[0-9a-f]+>$/i.exec(mark)?.[1];
    if (entity === 'LITERAL') continue;
    if (entity !== undefined) values.push({ entity, value });
    // What a surrogate stood for is not said: it is indexed in every way in which it can be asked for.
    else
      for (const token of tokens.ofQuery(header.tenant, { kind: 'any', text: value })?.flat() ?? [])
        found.add(token);
  }
  for (const token of tokens.ofRecord(header.tenant, values, dataSubject).tokens) found.add(token);
  return [...found];
}
