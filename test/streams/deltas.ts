import { isObject } from './assemble.ts';

/** Where events say a piece of a text that grows; a number is the place in an array. */
const GROWING: readonly (readonly (string | number)[])[] = [
  ['choices', 0, 'delta', 'content'],
  ['choices', 0, 'delta', 'refusal'],
  ['choices', 0, 'delta', 'reasoning'],
  ['choices', 0, 'delta', 'reasoning_content'],
  ['choices', 0, 'delta', 'function_call', 'arguments'],
  ['choices', 0, 'delta', 'audio', 'transcript'],
  ['choices', 0, 'delta', 'tool_calls', 0, 'function', 'arguments'],
  ['choices', 0, 'delta', 'tool_calls', 0, 'custom', 'input'],
  ['choices', 0, 'text'],
  ['delta'],
  ['delta', 'text'],
  ['delta', 'thinking'],
  ['delta', 'partial_json'],
];

/** The event once for each piece that `cut` makes of its text; as it is when it has none that grows, or ends one. */
export function withDeltaCut(data: string, cut: (text: string) => readonly string[]): readonly string[] {
  if (data === '[DONE]') return [data];
  const event: unknown = JSON.parse(data);
  const said = GROWING.map((path) => ({ path, text: at(event, path) })).filter(
    ({ text }) => typeof text === 'string' && text !== '',
  );
  const [only, ...more] = said;
  if (only === undefined || more.length > 0 || typeof only.text !== 'string' || isWhole(event)) return [data];
  return cut(only.text).map((piece) => JSON.stringify(replaced(event, only.path, piece)));
}

/** A call without an index, what a choice finishes with, and what says other things beside, is not said in pieces. */
function isWhole(event: unknown): boolean {
  const call = at(event, ['choices', 0, 'delta', 'tool_calls', 0]);
  if (isObject(call) && typeof call['index'] !== 'number') return true;
  if (at(event, ['citations']) ?? at(event, ['choices', 0, 'delta', 'reasoning_details'])) return true;
  return typeof at(event, ['choices', 0, 'finish_reason']) === 'string';
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((below, step) => {
    if (Array.isArray(below)) return below.length === 1 ? (below[0] as unknown) : undefined;
    return isObject(below) && typeof step === 'string' ? below[step] : undefined;
  }, value);
}

function replaced(value: unknown, path: readonly (string | number)[], text: string): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return text;
  if (Array.isArray(value)) return value.map((element) => replaced(element, rest, text));
  return isObject(value) ? { ...value, [step]: replaced(value[step], rest, text) } : value;
}
