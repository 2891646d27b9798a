import { RE2JS } from 're2js';
import { type Span } from '../../domain/span.ts';
import { Context } from '../context.ts';
import { DENY_LIST } from '../deny-list.ts';
import { type Recognizer } from '../recognizer.ts';
import { type TextView, foldText } from '../view.ts';
import { type CustomDefinition } from './definition.ts';
import { type Hit, createSearch } from './search.ts';
import { createTermFinder, fold } from './terms.ts';
import { createValidator } from './validators.ts';

/** Presidio's context enhancement: how much a word beside a match adds, and what it lifts a match to at least. */
const CONTEXT_BOOST = 0.35;
const LEAST_WITH_CONTEXT = 0.6;

interface Rule {
  readonly name: string;
  readonly definition: CustomDefinition;
  readonly context: Context | undefined;
  readonly isValid: ((match: string) => boolean) | undefined;
  readonly isAllowed: (match: string) => boolean;
  readonly terms: (text: string) => readonly Hit[];
}

/** All custom recognisers as one, so that all their patterns are searched for together. */
export function createCustomRecognizer(definitions: readonly CustomDefinition[]): Recognizer {
  const rules = definitions.map(createRule);
  const search = createSearch(
    rules.flatMap((rule) =>
      rule.definition.patterns.map((pattern) => ({
        owner: rule,
        pattern,
        maxLength: rule.definition.maxLength,
      })),
    ),
  );
  return {
    name: 'custom',
    entities: [...new Set(definitions.map(({ entity }) => entity))],
    find(view) {
      const spans: Span[] = [];
      search(view.text, ({ owner, pattern }, hit) => {
        const span = judge(view, owner, hit, pattern.score);
        if (span !== undefined) spans.push(span);
      });
      for (const rule of rules) {
        for (const hit of rule.terms(view.text)) spans.push(denied(rule, hit));
      }
      return spans;
    },
  };
}

function createRule(definition: CustomDefinition): Rule {
  const { name, context, validator, denyList } = definition;
  const allowed = new Set(definition.allowList.map((term) => fold(foldText(term).text)));
  const allowedShapes = definition.allowPatterns.map((regex) => RE2JS.compile(regex));
  return {
    name: `custom:${name}`,
    definition,
    context: context.length === 0 ? undefined : new Context(...context),
    isValid: validator === undefined ? undefined : createValidator(validator),
    isAllowed: (match) => allowed.has(fold(match)) || allowedShapes.some((shape) => shape.testExact(match)),
    terms: createTermFinder(denyList.map((term) => foldText(term).text)),
  };
}

function judge({ text }: TextView, rule: Rule, { start, end }: Hit, score: number): Span | undefined {
  const { minLength, maxLength, entity } = rule.definition;
  if (end - start < minLength || end - start > maxLength) return undefined;
  const match = text.slice(start, end);
  if (rule.isAllowed(match)) return undefined;
  if (rule.isValid?.(match) === false) return undefined;
  const isNear = (rule.context?.nearness(text, start, end) ?? 0) > 0;
  return {
    start,
    end,
    entity,
    score: isNear ? Math.min(1, Math.max(score + CONTEXT_BOOST, LEAST_WITH_CONTEXT)) : score,
    recognizer: rule.name,
    validated: rule.isValid !== undefined,
  };
}

/** A term that is certain is never outdone; one that its author doubts is a match like any other. */
function denied({ name, definition }: Rule, { start, end }: Hit): Span {
  const { entity, denyListScore: score } = definition;
  return score === 1
    ? { start, end, entity, score, recognizer: DENY_LIST, validated: true }
    : { start, end, entity, score, recognizer: name, validated: false };
}
