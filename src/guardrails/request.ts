import { z } from 'zod';
import { JsonReader, JsonSourceError } from '../dialects/json-source.ts';
import { CordonError } from '../domain/errors.ts';
import { childPointer, type JsonObject } from '../domain/json.ts';
import { LIMITS } from '../domain/limits.ts';

const REQUEST_JSON = {
  maxDepth: LIMITS.jsonDepth,
  maxValues: 10 * LIMITS.slotsPerCall,
  loneSurrogates: 'refuse',
} as const;
/** Names of fields, of entities, and indexes; another step of a path may be what the caller wants kept secret. */
const PLAIN_STEP = /^(?:[a-z][a-z_]{0,39}|[A-Z][A-Z0-9_]{0,63})$/;

/**
 * A request as its contract has it. Throws `invalid_json` and `payload_too_large`, and `shape_unknown` with a pointer;
 * neither repeats what stands there. What the contract does not name is dropped: it leads nowhere.
 */
export function parseContract<Schema extends z.ZodType>(schema: Schema, source: string): z.output<Schema> {
  checkJson(source);
  const parsed = schema.safeParse(JSON.parse(source), { error: CONTRACT_ERRORS });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues.map(deepest);
  throw wrongShape(issue?.message ?? 'a value is not what the contract has here', issue?.path ?? []);
}

export function wrongShape(message: string, path: readonly PropertyKey[]): CordonError {
  return new CordonError('shape_unknown', `Invalid request: ${message}.`, { param: pointerTo(path) });
}

/** The contract as JSON Schema, for the OpenAPI document. */
export function contractSchema(schema: z.ZodType): JsonObject {
  // What zod writes is JSON, and of the dialect that OpenAPI 3.1 has anyway.
  const whole = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))) as JsonObject;
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== '$schema'));
}

/** zod's own words repeat what they refuse (a key, a choice), so each kind of issue has ours. */
const CONTRACT_ERRORS: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'a value is missing' : `a value should be of type ${issue.expected}`;
    case 'too_big':
      return `a value is too large; at most ${issue.maximum}`;
    case 'too_small':
      return `a value is too small; at least ${issue.minimum}`;
    case 'invalid_value':
      return `a value should be one of ${issue.values.map(String).join(', ')}`;
    default:
      return 'a value is not what the contract has here';
  }
};

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Where several forms are allowed, what is wrong with the one that fits furthest. */
function deepest(issue: z.core.$ZodIssue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().map(deepest);
  const [furthest] = inner.sort((a, b) => b.path.length - a.path.length);
  if (furthest === undefined) return issue;
  return { message: furthest.message, path: [...issue.path, ...furthest.path] };
}

function checkJson(source: string): void {
  try {
    const reader = new JsonReader(source, REQUEST_JSON);
    readAll(reader);
    reader.end();
  } catch (error) {
    if (!(error instanceof JsonSourceError)) throw error;
    if (error.reason === 'too_many_values') {
      throw new CordonError('payload_too_large', 'The request has too many separate parts.');
    }
    throw new CordonError('invalid_json', 'The body is not valid JSON.', { detail: error.message });
  }
}

/** Reads a value with every string in it, where `skip` would pass over half a character that is written as an escape. */
function readAll(reader: JsonReader): void {
  switch (reader.kind()) {
    case 'string':
      reader.string();
      break;
    case 'array':
      reader.array(() => {
        readAll(reader);
      });
      break;
    case 'object':
      reader.object(() => {
        readAll(reader);
      });
      break;
    default:
      reader.skip();
  }
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? step : PLAIN_STEP.test(String(step)) ? String(step) : '*'))
    .reduce<string>(childPointer, '');
}
