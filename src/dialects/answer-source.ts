import { CordonError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Splice, spliced } from './json-document.ts';
import { JsonReader, JsonSourceError, type JsonReaderOptions, type JsonString } from './json-source.ts';

/** Room for twenty alternatives to each token of a long answer. */
export const ANSWER_JSON = {
  maxDepth: LIMITS.jsonDepth,
  maxValues: 8_000_000,
  loneSurrogates: 'keep',
} as const;

/** Reads all of what a runner answered, in any dialect. Throws `upstream_invalid` on what is no JSON. */
export function readSource<T>(
  source: string,
  read: (reader: JsonReader) => T,
  limits: JsonReaderOptions = ANSWER_JSON,
): T {
  try {
    const reader = new JsonReader(source, limits);
    const result = read(reader);
    reader.end();
    return result;
  } catch (error) {
    if (error instanceof JsonSourceError) throw upstreamInvalid(error.message);
    throw error;
  }
}

export function upstreamInvalid(detail: string): CordonError {
  return new CordonError('upstream_invalid', 'The model runner sent an answer of an unknown shape.', {
    detail,
  });
}

/** The whole numbers of an object; of anything else there are none. */
export function readCounts(reader: JsonReader): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if (reader.kind() !== 'object') {
    reader.skip();
    return counts;
  }
  reader.object(({ value: key }) => {
    if (reader.kind() === 'number') {
      const { start, end } = reader.number();
      const count = Number(reader.source.slice(start, end));
      if (Number.isSafeInteger(count) && count >= 0) counts.set(key, count);
    } else reader.skip();
  });
  return counts;
}

export function readInteger(reader: JsonReader): number {
  expectKind(reader, 'number');
  const { start, end } = reader.number();
  const value = Number(reader.source.slice(start, end));
  if (!Number.isSafeInteger(value) || value < 0) throw upstreamInvalid('an index is not a whole number');
  return value;
}

export function expectKind(reader: JsonReader, kind: string): void {
  if (reader.kind() !== kind) throw upstreamInvalid(`expected ${kind} at offset ${reader.offset}`);
}

/** A string of an answer that is not structure, or JSON that stands there as itself. */
export interface FoundText {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  /** True when `value` is JSON source and stands there so: what a tool is called with, given as an object. */
  readonly isSource?: true;
}

/**
 * The value at the cursor as the JSON text that a model wrote, each string with no more escapes than it needs. Read as
 * one text it says the same as it does in a stream, where it comes as a string: numbers, and what a name labels, too.
 */
export function readJsonText(reader: JsonReader): FoundText {
  reader.kind();
  const start = reader.offset;
  const splices: Splice[] = [];
  passPlain(reader, (string) => {
    const json = JSON.stringify(string.value);
    if (json === reader.source.slice(string.start, string.end)) return;
    splices.push({ start: string.start - start, end: string.end - start, json });
  });
  const end = reader.offset;
  return { start, end, value: spliced(reader.source.slice(start, end), splices), isSource: true };
}

/** Reads one value and shows each string in it, names too. */
function passPlain(reader: JsonReader, show: (string: JsonString) => void): void {
  const kind = reader.kind();
  if (kind === 'string') show(reader.string());
  else if (kind === 'array') {
    reader.array(() => {
      passPlain(reader, show);
    });
  } else if (kind === 'object') {
    reader.object((key) => {
      show(key);
      passPlain(reader, show);
    });
  } else reader.skip();
}

/** What stands in place of a text now. Throws `upstream_invalid` where that would be no JSON. */
export function replacing({ start, end, isSource }: FoundText, text: string): Splice {
  if (isSource !== true) return { start, end, json: JSON.stringify(text) };
  readSource(text, (reader) => reader.skip());
  return { start, end, json: text };
}
