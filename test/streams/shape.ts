import { isObject } from './assemble.ts';

/** Strings by which clients tell events, items and calls apart. */
const KEPT = new Set([
  ...[
    'type',
    'role',
    'object',
    'id',
    'finish_reason',
    'stop_reason',
    'name',
    'call_id',
    'item_id',
    'status',
    'model',
  ],
  ...['tool_use_id', 'signature', 'service_tier', 'system_fingerprint'],
]);
/** What restoring may change beside texts: numbers of events behind an inserted one, and what is said of tokens. */
const CHANGED = new Set(['sequence_number', 'logprobs']);

function shapeOf(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return KEPT.has(key) ? value : 'text';
  if (Array.isArray(value)) return value.map((element) => shapeOf(element));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !CHANGED.has(name))
      .map(([name, below]) => [name, shapeOf(below, name)]),
  );
}

function shape(data: string): string {
  return data === '[DONE]' ? data : JSON.stringify(shapeOf(JSON.parse(data)));
}

/** The events among `after` that are none of `before`; undefined when not all of `before` are there, in their order. */
export function insertedInto(
  before: readonly string[],
  after: readonly string[],
): readonly string[] | undefined {
  const inserted: string[] = [];
  let next = 0;
  for (const data of after) {
    const wanted = before[next];
    if (wanted !== undefined && sameShape(wanted, data)) next++;
    else inserted.push(data);
  }
  return next === before.length ? inserted : undefined;
}

function sameShape(before: string, after: string): boolean {
  // The name of an argument is text too: `input` may have other names in it than it had.
  return shape(before) === shape(after);
}

/** Texts that stand beside log probabilities of other texts. */
export function misaligned(events: readonly string[]): readonly string[] {
  return events.filter((data) => {
    const event: unknown = data === '[DONE]' ? undefined : JSON.parse(data);
    if (!isObject(event)) return false;
    const choices = (event['choices'] ?? []) as readonly unknown[];
    return choices.some(isMisaligned) || isMisaligned(event);
  });
}

function isMisaligned(said: unknown): boolean {
  if (!isObject(said)) return false;
  const { delta, text, logprobs } = said;
  const tokens = tokensOf(logprobs);
  if (tokens === undefined) return false;
  return tokens.join('') !== (isObject(delta) ? delta['content'] : (delta ?? text));
}

function tokensOf(logprobs: unknown): readonly unknown[] | undefined {
  if (Array.isArray(logprobs)) return logprobs.length === 0 ? undefined : logprobs.map(tokenOf);
  if (!isObject(logprobs)) return undefined;
  const { content, tokens } = logprobs;
  if (Array.isArray(content)) return content.map(tokenOf);
  return Array.isArray(tokens) ? tokens : undefined;
}

function tokenOf(entry: unknown): unknown {
  return isObject(entry) ? entry['token'] : undefined;
}
