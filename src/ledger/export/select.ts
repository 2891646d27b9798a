import { type Deks } from '../../crypto/deks.ts';
import { type Json, type JsonObject } from '../../domain/json.ts';
import { type Header, parseHeader, parseJson } from '../header.ts';
import { leafHash, type SealedField } from '../leaf.ts';
import { openField } from '../open-field.ts';
import { type RecordFilter, type RecordSource, type SealedFields, type StoredRow } from '../ports.ts';

/** A record on its way into a bundle. */
export interface ExportedRecord {
  readonly header: Header;
  /** The header as stored. */
  readonly raw: string;
  readonly digests: SealedFields<Buffer>;
  readonly leaf: Buffer;
  /** What of its ciphertexts was to be opened and could be; for the others, why not. */
  readonly opened: JsonObject;
}

/** Why an export cannot be made of what is stored. Names places, never contents. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

const PAGE_ROWS = 500;
/** Ciphertexts held at a time; a single larger record is held alone. */
const HELD_BYTES = 8 * 1024 * 1024;
/** What is text as it stands; the others were sealed as JSON. */
const TEXTS: readonly SealedField[] = ['body', 'response'];

/**
 * The records a filter finds in a chain up to a place, in order, with the named fields opened. Ciphertexts are fetched
 * in groups of bounded size, for one record may hold megabytes.
 */
export async function* selectRecords(
  deps: { readonly source: RecordSource; readonly deks: Deks },
  filter: RecordFilter,
  end: { readonly chain: string; readonly seq: number },
  fields: readonly SealedField[],
): AsyncGenerator<ExportedRecord, void> {
  const { chain, seq: upToSeq } = end;
  for (let afterSeq = 0; ;) {
    const page = await deps.source.select(filter, { chain, afterSeq, upToSeq }, PAGE_ROWS, []);
    const records = page.map((row) => check(row, chain));
    for (const group of fields.length === 0 ? [records] : groups(records, fields)) {
      yield* open(deps, filter, group, fields);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    afterSeq = last.seq;
  }
}

type Checked = Omit<ExportedRecord, 'opened'>;

/** What does not follow from itself is not exported as if it did; a verification tells more. */
function check(row: StoredRow, chain: string): Checked {
  const header = parseHeader(row.header);
  const leaf = leafHash(row.header, row.digests);
  if (header?.chain !== chain || header.seq !== row.seq || !leaf.equals(row.leaf))
    throw new ExportError(`record ${row.seq} of chain ${chain} was changed; run a verification`);
  return { header, raw: row.header, digests: row.digests, leaf };
}

function* groups(records: readonly Checked[], fields: readonly SealedField[]): Generator<readonly Checked[]> {
  let group: Checked[] = [];
  let held = 0;
  for (const record of records) {
    const wanted = record.header.sealed.filter(({ field }) => fields.some((name) => name === field));
    const bytes = wanted.reduce((sum, entry) => sum + entry.bytes, 0);
    if (group.length > 0 && held + bytes > HELD_BYTES) {
      yield group;
      [group, held] = [[], 0];
    }
    group.push(record);
    held += bytes;
  }
  if (group.length > 0) yield group;
}

async function* open(
  { source, deks }: { readonly source: RecordSource; readonly deks: Deks },
  filter: RecordFilter,
  group: readonly Checked[],
  fields: readonly SealedField[],
): AsyncGenerator<ExportedRecord, void> {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return;
  const { chain } = first.header;
  const range = { chain, afterSeq: first.header.seq - 1, upToSeq: last.header.seq };
  const rows = fields.length === 0 ? [] : await source.select(filter, range, group.length, fields);
  const envelopes = new Map(rows.map((row) => [row.seq, row.fields]));
  for (const record of group) {
    const opened: Record<string, Json> = {};
    for (const field of fields) {
      const envelope = envelopes.get(record.header.seq)?.[field];
      if (envelope !== undefined) opened[field] = await openOne(record.header, field, envelope, deks);
    }
    yield { ...record, opened };
  }
}

async function openOne(header: Header, field: SealedField, envelope: Buffer, deks: Deks): Promise<Json> {
  const result = await openField(header, field, envelope, deks);
  if (result.state !== 'open') return { unavailable: result.state };
  return TEXTS.includes(field) ? result.text : (parseJson(result.text) ?? result.text);
}
