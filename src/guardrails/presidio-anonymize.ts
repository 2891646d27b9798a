import { z } from 'zod';
import { CordonError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { countCodePoints } from './code-points.ts';
import { type Finding, resolveConflicts } from './presidio-conflicts.ts';
import { DECRYPT, decrypted, OPERATOR, operate, type Operator, type Random } from './presidio-operators.ts';
import { contractSchema, parseContract, wrongShape } from './request.ts';

const place = z.int().min(0).meta({ description: 'In code points, as Python counts.' });
const entity = z.string().regex(/^[\w -]{1,64}$/);
const CLAIM = z.object({ start: place, end: place, score: z.number(), entity_type: entity });
const SEALED = z.object({ start: place, end: place, entity_type: entity });
const text = z.union([z.string(), z.array(z.string()).max(LIMITS.slotsPerCall)]);

function perText<Item extends z.ZodType>(item: Item) {
  const list = z.array(item).max(LIMITS.slotsPerCall);
  return z.union([list, z.array(list).max(LIMITS.slotsPerCall)]).nullish();
}

/** As Presidio's anonymizer reads it: one text with its results, or several with a list of results each. */
const ANONYMIZE = z.object({
  text,
  anonymizers: z.record(entity, OPERATOR).nullish().meta({
    description: 'Entity, or DEFAULT → operator. Without one: replace by the name of the entity.',
  }),
  analyzer_results: perText(CLAIM),
});
const DEANONYMIZE = z.object({
  text,
  deanonymizers: z.record(entity, DECRYPT),
  anonymizer_results: perText(SEALED),
});
const ITEM = z.object({
  start: z.int(),
  end: z.int(),
  entity_type: z.string(),
  text: z.string(),
  operator: z.string(),
});
const ANSWER = z.object({ text: z.string(), items: z.array(ITEM) });

export const ANONYMIZE_REQUEST_SCHEMA = contractSchema(ANONYMIZE);
export const DEANONYMIZE_REQUEST_SCHEMA = contractSchema(DEANONYMIZE);
export const ANONYMIZE_ANSWER_SCHEMA = contractSchema(z.union([ANSWER, z.array(ANSWER)]));

/** A text with what is to be done to it. Findings are in UTF-16 offsets, conflicts resolved. */
export interface OperatedText {
  readonly text: string;
  readonly findings: readonly Finding[];
}

export interface AnonymizeRequest {
  readonly texts: readonly OperatedText[];
  readonly batch: boolean;
  readonly operatorOf: (entity: string) => Operator;
}

const BY_NAME: Operator = { type: 'replace' };

export function parseAnonymize(source: string): AnonymizeRequest {
  checkNotCustom(source);
  const request = parseContract(ANONYMIZE, source);
  const operators = new Map(Object.entries(request.anonymizers ?? {}));
  const otherwise = operators.get('DEFAULT') ?? BY_NAME;
  const texts = pairUp(request.text, request.analyzer_results, 'analyzer_results').map(([text, claims]) => ({
    text,
    findings: toFindings(text, claims, 'analyzer_results', (units) =>
      resolveConflicts(units, (from, to) => /^ +$/.test(text.slice(from, to))),
    ),
  }));
  return {
    texts,
    batch: Array.isArray(request.text),
    operatorOf: (entity) => operators.get(entity) ?? otherwise,
  };
}

/** Presidio answers this one apart from other wrong operators. */
function checkNotCustom(source: string): void {
  if (!source.includes('"custom"')) return;
  const custom = z.object({
    anonymizers: z.record(z.string(), z.looseObject({ type: z.literal('custom') })),
  });
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return;
  }
  if (custom.safeParse(value).success) {
    throw new CordonError('invalid_request', 'Custom type anonymizer is not supported');
  }
}

export interface DeanonymizeRequest {
  readonly texts: readonly OperatedText[];
  readonly batch: boolean;
  readonly keyOf: (entity: string) => string | undefined;
}

export function parseDeanonymize(source: string): DeanonymizeRequest {
  const request = parseContract(DEANONYMIZE, source);
  const keys = new Map(Object.entries(request.deanonymizers).map(([entity, { key }]) => [entity, key]));
  const texts = pairUp(request.text, request.anonymizer_results, 'anonymizer_results').map(
    ([text, sealed]) => {
      const scored = sealed.map((item) => ({ ...item, score: 1 }));
      return { text, findings: toFindings(text, scored, 'anonymizer_results', (units) => units) };
    },
  );
  return {
    texts,
    batch: Array.isArray(request.text),
    keyOf: (entity) => keys.get(entity) ?? keys.get('DEFAULT'),
  };
}

function pairUp<Item>(
  text: string | readonly string[],
  results: readonly Item[] | readonly (readonly Item[])[] | null | undefined,
  field: string,
): readonly (readonly [string, readonly Item[]])[] {
  const lists = Array.isArray(results) ? results : [];
  const nested = lists.every((item): item is readonly Item[] => Array.isArray(item));
  const flat = lists.filter((item): item is Item => !Array.isArray(item));
  if (typeof text === 'string') {
    if (flat.length < lists.length) throw wrongShape('one text has one list of results', [field]);
    return [[text, flat]];
  }
  if (lists.length === 0) return text.map((one) => [one, []]);
  if (!nested || lists.length !== text.length) {
    throw wrongShape("there must be one list of results per item in 'text'", [field]);
  }
  return text.map((one, i) => [one, lists[i] ?? []]);
}

function toFindings(
  text: string,
  claims: readonly z.output<typeof CLAIM>[],
  field: string,
  resolve: (findings: readonly Finding[]) => readonly Finding[],
): readonly Finding[] {
  const points = countCodePoints(text);
  const findings = claims.map(({ start, end, score, entity_type: entity }, i) => {
    if (start > end || end > points.length) {
      throw wrongShape(`start ${start} and end ${end} are not in a text of length ${points.length}`, [
        field,
        i,
      ]);
    }
    return { start: points.toUnits(start), end: points.toUnits(end), score, entity };
  });
  return resolve(findings);
}

interface Item {
  readonly text: string;
  readonly entity: string;
  readonly operator: string;
  /** UTF-16 offset in the new text. */
  readonly start: number;
}

/** JSON text. Items come last place first and in code points of the new text, as Presidio has them. */
export function renderAnonymized(request: AnonymizeRequest, random: Random): string {
  const budget = createBudget();
  const answers = request.texts.map((text) =>
    rewrite(text, budget, ({ entity }, value) => {
      const operator = request.operatorOf(entity);
      return { text: operate(operator, value, entity, random), operator: operator.type };
    }),
  );
  return JSON.stringify(request.batch ? answers : answers[0]);
}

/** Throws `shape_unknown` where there is no key, or it is not the one that a text was encrypted with. */
export function renderDeanonymized(request: DeanonymizeRequest): string {
  const budget = createBudget();
  const answers = request.texts.map((text) =>
    rewrite(text, budget, ({ entity }, value) => {
      const key = request.keyOf(entity);
      const plain = key === undefined ? undefined : decrypted(value, key);
      if (plain === undefined)
        throw wrongShape('a text cannot be decrypted with the key given', ['deanonymizers']);
      return { text: plain, operator: 'decrypt' };
    }),
  );
  return JSON.stringify(request.batch ? answers : answers[0]);
}

function rewrite(
  { text, findings }: OperatedText,
  spend: (chars: number) => void,
  change: (finding: Finding, value: string) => { readonly text: string; readonly operator: string },
): z.output<typeof ANSWER> {
  const items: Item[] = [];
  let out = '';
  let from = 0;
  const ordered = [...findings].sort((a, b) => a.start - b.start || a.end - b.end);
  for (const [i, finding] of ordered.entries()) {
    const changed = change(finding, text.slice(finding.start, finding.end));
    spend(changed.text.length);
    out += text.slice(from, finding.start);
    items.push({ ...changed, entity: finding.entity, start: out.length });
    out += changed.text;
    // Where two overlap in part, each is worked on whole and the text between their beginnings goes once.
    from = Math.min(finding.end, ordered[i + 1]?.start ?? finding.end);
    from = Math.max(from, finding.start);
  }
  out += text.slice(from);
  const points = countCodePoints(out);
  return {
    text: out,
    items: items.reverse().map(({ start, entity, text: replaced, operator }) => ({
      start: points.fromUnits(start),
      end: points.fromUnits(start + replaced.length),
      entity_type: entity,
      text: replaced,
      operator,
    })),
  };
}

/** Twenty thousand findings replaced by a megabyte each would be an answer that nobody can hold. */
function createBudget(): (chars: number) => void {
  let left = LIMITS.responseBodyBytes;
  return (chars) => {
    left -= chars;
    if (left < 0) throw new CordonError('payload_too_large', 'The anonymized texts would be too large.');
  };
}
