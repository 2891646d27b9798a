import { CordonError } from '../../domain/errors.ts';
import { DECISION_TAGS, END_TAGS, tag, type TagName } from './facts.ts';
import { type FactFilter } from './ports.ts';
import { type AskedValue, type Tokens } from './tokens.ts';

/** What a person asks for. Everything named must hold; of a list, every entry. */
export interface SearchQuery {
  /** The data subject exactly as `Cordon-Data-Subject` named them; the caller's own subject where no header did. */
  readonly subject?: string;
  /** The subject of the caller's token. */
  readonly principal?: string;
  /** Found in the call, or the name of its data subject. */
  readonly values: readonly AskedValue[];
  readonly tags: Readonly<Partial<Record<TagName, readonly string[]>>>;
  /** Record types; calls (DECISION) when left out. */
  readonly types?: readonly string[];
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** The keys of a query as JSON: `{"name": "Anna Miller", "entity": ["PERSON"], "from": "2026-11-01"}`. */
const VALUE_KEYS = ['email', 'phone', 'name', 'value'] as const;
const TAG_NAMES: readonly TagName[] = [...DECISION_TAGS, ...END_TAGS];
const KEYS: readonly string[] = ['subject', 'principal', ...VALUE_KEYS, ...TAG_NAMES, 'type', 'from', 'to'];
/** A COMPLETION or INCOMPLETE is found by its DECISION. */
const TYPE = /^(?!COMPLETION$|INCOMPLETE$)[A-Z_]{2,32}$/;
const MAX_CHARS = 1_024;
const MAX_ENTRIES = 16;

/** Throws `invalid_request` that names the key and never the value. */
export function parseSearchQuery(json: unknown): SearchQuery {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refused('a query is an object');
  const given: Readonly<Record<string, unknown>> = { ...json };
  for (const key of Object.keys(given)) {
    if (!KEYS.includes(key)) throw refused(`a query has the keys ${KEYS.join(', ')}`);
  }
  const one = (key: string): string | undefined => {
    const [first, second] = texts(given, key);
    if (second !== undefined) throw refused(`${key} takes one text`);
    return first;
  };
  const subject = one('subject');
  const principal = one('principal');
  const [from, to] = [one('from'), one('to')];
  const types = texts(given, 'type');
  if (!types.every((type) => TYPE.test(type)))
    throw refused('type is DECISION, SEARCHED, ERASED or the like');
  const tags = TAG_NAMES.map((name) => [name, texts(given, name)] as const).filter(
    ([, values]) => values.length > 0,
  );
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(principal === undefined ? {} : { principal }),
    values: VALUE_KEYS.flatMap((key) =>
      texts(given, key).map((text): AskedValue => ({ kind: key === 'value' ? 'any' : key, text })),
    ),
    tags: Object.fromEntries(tags),
    ...(types.length === 0 ? {} : { types }),
    ...(from === undefined ? {} : { fromMs: instant('from', from) }),
    ...(to === undefined ? {} : { toMs: instant('to', to) }),
  };
}

function texts(given: Readonly<Record<string, unknown>>, key: string): readonly string[] {
  const value = Object.hasOwn(given, key) ? given[key] : undefined;
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > MAX_ENTRIES) throw refused(`${key} takes at most ${MAX_ENTRIES} entries`);
  return list.map((item) => {
    if (typeof item !== 'string' || item === '' || item.length > MAX_CHARS || /[\0\p{Cs}]/u.test(item)) {
      throw refused(`${key} takes texts of 1 to ${MAX_CHARS} characters`);
    }
    return item;
  });
}

/** A date stands for its beginning, UTC. */
function instant(key: string, text: string): number {
  const known = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const ms = known ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw refused(`${key} is a date, or a time with its zone, such as 2026-11-01T08:00:00Z`);
  return ms;
}

function refused(message: string): CordonError {
  return new CordonError('invalid_request', `The search was refused: ${message}.`);
}

/** `person`: the keyed pseudonym of somebody within the tenant, hex of 32 bytes. */
export function compileQuery(
  query: SearchQuery,
  tenant: string,
  deps: { readonly person: (person: string) => string; readonly tokens: Pick<Tokens, 'ofQuery'> },
): FactFilter {
  const tagsOf = (names: readonly TagName[]): readonly string[] =>
    names.flatMap((name) => (query.tags[name] ?? []).map((value) => tag(name, value)));
  const tokens = query.values.flatMap((value) => {
    const asked = deps.tokens.ofQuery(tenant, value);
    if (asked === undefined) throw refused('a value holds nothing to search for');
    return asked;
  });
  const endTags = tagsOf(END_TAGS);
  const calls = tokens.length > 0 || endTags.length > 0;
  if (calls && query.types?.some((type) => type !== 'DECISION') === true) {
    throw refused('values and what ended a call are asked of calls only: leave type out');
  }
  return {
    tenant,
    types: query.types ?? ['DECISION'],
    ...(query.subject === undefined ? {} : { subject: short(deps.person(query.subject)) }),
    ...(query.principal === undefined ? {} : { caller: short(deps.person(query.principal)) }),
    tags: tagsOf(DECISION_TAGS),
    endTags,
    tokens,
    ...(query.fromMs === undefined ? {} : { fromMs: query.fromMs }),
    ...(query.toMs === undefined ? {} : { toMs: query.toMs }),
  };
}

function short(reference: string): string {
  return reference.slice(0, 32);
}
