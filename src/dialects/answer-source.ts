import { CordonError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { JsonReader, JsonSourceError, type JsonReaderOptions } from './json-source.ts';

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
