import { LRUCache } from 'lru-cache';
import { type AdmitInput, type HandlingVerdict, type OutputReading } from '../domain/policy.ts';
import { DEFAULT_OUTPUT } from './check.ts';
import { type EntityFamily, familiesByEntity } from './entities.ts';
import { parseFacts } from './facts.ts';
import { createHandlingResolver } from './handling.ts';
import { type PolicySet } from './schema.ts';

/** What a set says about personal data that a model wrote. */
export interface OutputRules {
  readonly handle: (input: AdmitInput, entity: string) => HandlingVerdict;
  readonly reading: (input: AdmitInput) => OutputReading;
}

const MAX_CACHED = 10_000;
const MAX_KEY_CHARS = 4096;

/** What nobody wants from a model, whoever it belongs to, and no answer is the poorer for. */
export const MASKED_FAMILIES: ReadonlySet<EntityFamily> = new Set(['financial', 'identifiers', 'secrets']);
const MASK: HandlingVerdict = Object.freeze({ handling: 'mask', ruleId: DEFAULT_OUTPUT });
const DISCLOSE: HandlingVerdict = Object.freeze({ handling: 'disclose', ruleId: DEFAULT_OUTPUT });

/** Written in digits, or labelled as secret: words without either can be no part of one (gateway/inspection/cuts.ts). */
const IN_NUMBERS: ReadonlySet<string> = new Set([
  'PHONE_NUMBER',
  'CN_MOBILE',
  'IP_ADDRESS',
  'MAC_ADDRESS',
  'IMEI',
]);
/** Found by no recogniser. */
const BY_MODEL_ONLY: ReadonlySet<string> = new Set([
  ...['PERSON', 'USERNAME', 'LOCATION', 'ZIP_CODE', 'STREET_ADDRESS', 'ORGANIZATION', 'NRP', 'TITLE'],
  ...['JOB_TITLE', 'DATE_TIME'],
]);

/**
 * Rules of `output`, chosen among like those of `handling`. What they leave out is masked. A set without any masks
 * numbers that identify or pay, and secrets, and discloses the rest: a model that speaks of Marie Curie is not to be
 * broken by a set that says nothing about answers.
 */
export function createOutputRules(set: PolicySet, extraEntities: readonly string[]): OutputRules {
  const families = familiesByEntity();
  const isMasked = (entity: string): boolean => {
    const family = families.get(entity);
    return family !== undefined && MASKED_FAMILIES.has(family);
  };
  const leftOut = (entity: string): HandlingVerdict =>
    set.output.length > 0 || isMasked(entity) ? MASK : DISCLOSE;
  const resolver = createHandlingResolver(set, set.output, leftOut, withBase);
  const verdicts = new LRUCache<string, HandlingVerdict>({ max: MAX_CACHED });
  const readings = new LRUCache<string, OutputReading>({ max: MAX_CACHED });

  const keyOf = (input: AdmitInput, entity: string): string => {
    const { runner, trust, region } = input.destination;
    const selectors = resolver.relevantSelectors(parseFacts(input));
    return JSON.stringify([entity, input.operation, runner, trust, region, selectors]);
  };
  const handle = (input: AdmitInput, entity: string): HandlingVerdict =>
    cached(verdicts, keyOf(input, entity), () => resolver.resolve(parseFacts(input), entity));
  const readingNow = (input: AdmitInput): OutputReading => {
    const facts = parseFacts(input);
    const handled = [...families.keys(), ...extraEntities].filter(
      (entity) => resolver.resolve(facts, entity).handling !== 'disclose',
    );
    if (handled.length === 0) return 'nothing';
    if (handled.some((entity) => BY_MODEL_ONLY.has(entity))) return 'all';
    return handled.every((entity) => isMasked(entity) || IN_NUMBERS.has(entity)) ? 'numbers' : 'structure';
  };
  return { handle, reading: (input) => cached(readings, keyOf(input, '*'), () => readingNow(input)) };
}

/**
 * A rule for `responses` holds for `responses.retrieve` too: an answer that was stored unseen, and is fetched later, is
 * the same answer.
 */
function withBase(operation: string): readonly string[] {
  const dot = operation.indexOf('.');
  return dot === -1 ? [operation] : [operation, operation.slice(0, dot)];
}

function cached<Value extends object | string>(
  known: LRUCache<string, Value>,
  key: string,
  make: () => Value,
): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  if (key.length <= MAX_KEY_CHARS) known.set(key, made);
  return made;
}
