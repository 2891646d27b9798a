import { type Handling, OUTPUT_HANDLINGS } from '../domain/handling.ts';
import { type Condition, isTimeDependent } from './condition.ts';
import { ENTITY_FAMILIES, familiesByEntity, isEntityFamily } from './entities.ts';
import { type Path, type Report } from './problem.ts';
import { checkRoles } from './roles.ts';
import { type HandlingRule, type PolicySet, type Rule } from './schema.ts';
import { didYouMean } from './suggest.ts';

/** What this installation can do and knows the names of; a set that goes beyond it is refused. */
export interface Vocabulary {
  readonly supportedHandlings: readonly Handling[];
  /** Entities of the user's own recognisers, beside the known families. */
  readonly extraEntities: readonly string[];
  /** When given, any other operation is refused: a denial of a misspelt one would never apply. */
  readonly operations: readonly string[] | undefined;
  /** Names of the packs that may be included, for messages. */
  readonly packs?: readonly string[];
}

/** The id of the verdict when no handling rule applies; nobody may name a rule so. */
export const DEFAULT_BLOCK = 'default_block';

/** The id of the verdict when no output rule applies. */
export const DEFAULT_OUTPUT = 'default_output';

/** The denial that stands in every set that declares purposes: of calls for another one. */
export const UNDECLARED_PURPOSE = 'undeclared_purpose';

/** Stands for all that a pack says nothing about, while its cases are judged. */
export const PACK_ALLOW = 'pack_allow';

const MAX_PAIRS = 256;
const EXCEPTION_ID = /^(?:emergency-deny|break-glass|false-positive)\./;

/** All that the shape alone cannot say: references resolve, ids are single, names are known, windows are not empty. */
export function checkSet(set: PolicySet, vocabulary: Vocabulary, report: Report): void {
  checkRoles(set.roles, report);
  checkIds(set, report);
  if (set.kind === 'set' && set.rules.length === 0) {
    const message = 'write at least one rule; to refuse everything, one deny rule for any';
    report({ path: ['rules'], message });
  }
  const declared = new Set(Object.keys(set.roles).map((role) => `role:${role}`));
  const purposes = Object.keys(set.purposes);
  for (const [index, rule] of set.rules.entries()) {
    checkSubjects(rule.subjects, declared, ['rules', index, 'subjects'], report);
    checkRule(rule, ['rules', index], vocabulary, report);
    checkPurposes(rule.purposes ?? [], purposes, ['rules', index, 'purposes'], report);
  }
  const entities = new Set([...familiesByEntity().keys(), ...vocabulary.extraEntities]);
  for (const [index, rule] of set.handling.entries()) {
    checkSubjects(rule.subjects ?? [], declared, ['handling', index, 'subjects'], report);
    checkHandlingRule(rule, ['handling', index], entities, vocabulary, report);
  }
  for (const [index, rule] of set.output.entries()) {
    checkSubjects(rule.subjects ?? [], declared, ['output', index, 'subjects'], report);
    // Every output handling is carried out by the gateway itself.
    const able = { ...vocabulary, supportedHandlings: OUTPUT_HANDLINGS };
    checkHandlingRule(rule, ['output', index], entities, able, report);
  }
  checkCases(set, report);
}

function checkIds(set: PolicySet, report: Report): void {
  const seen = new Set([DEFAULT_BLOCK, DEFAULT_OUTPUT, UNDECLARED_PURPOSE, PACK_ALLOW]);
  const places: [string, Path][] = [
    ...set.rules.map(({ id }, index): [string, Path] => [id, ['rules', index, 'id']]),
    ...set.handling.map(({ id }, index): [string, Path] => [id, ['handling', index, 'id']]),
    ...set.output.map(({ id }, index): [string, Path] => [id, ['output', index, 'id']]),
  ];
  for (const [id, path] of places) {
    // A decision names its rule, and nobody shall take a rule of the set for somebody's broken glass.
    if (EXCEPTION_ID.test(id))
      report({ path, message: 'ids that begin so name exceptions beside the set; choose another' });
    if (seen.has(id))
      report({ path, message: 'this id is taken; ids are single across rules, handling and output' });
    seen.add(id);
  }
}

function checkSubjects(
  selectors: readonly string[],
  declared: ReadonlySet<string>,
  path: Path,
  report: Report,
): void {
  for (const [index, selector] of selectors.entries()) {
    // A denial for a misspelt role would deny nobody, so every role is declared once.
    if (selector.startsWith('role:') && !declared.has(selector)) {
      report({
        path: [...path, index],
        message: `this role is not declared; add it under roles, as NAME: {}${didYouMean(selector, declared)}`,
      });
    }
  }
}

function checkOperations(
  named: readonly string[],
  path: Path,
  { operations }: Vocabulary,
  report: Report,
): void {
  for (const [index, operation] of named.entries()) {
    if (operations === undefined || operation === '*' || operations.includes(operation)) continue;
    const message = `unknown operation; write one of ${operations.join(', ')}, or "*"${didYouMean(operation, operations)}`;
    report({ path: [...path, 'operations', index], message });
  }
}

function checkPurposes(
  named: readonly string[],
  declared: readonly string[],
  path: Path,
  report: Report,
): void {
  if (declared.length === 0) return;
  for (const [index, purpose] of named.entries()) {
    if (declared.includes(purpose)) continue;
    const message = `this purpose is not declared; add it under purposes with its lawful_basis${didYouMean(purpose, declared)}`;
    report({ path: [...path, index], message });
  }
}

function checkRule(rule: Rule, path: Path, vocabulary: Vocabulary, report: Report): void {
  checkOperations(rule.operations, path, vocabulary, report);
  // Each pair is a row, and casbin looks at every row of the caller's rules.
  if (rule.models.length * rule.runners.length > MAX_PAIRS) {
    const message = `at most ${MAX_PAIRS} pairs of model and runner in a rule; use globs, or split the rule`;
    report({ path: [...path, 'models'], message });
  }
  checkObligations(rule, path, report);
  if (rule.opaque === true && rule.effect === 'oblige') {
    const message = 'opaque goes with allow, or with deny to refuse nothing else';
    report({ path: [...path, 'opaque'], message });
  }
  const { not_before: from, not_after: until } = rule;
  if (from !== undefined && until !== undefined && Date.parse(from) >= Date.parse(until)) {
    report({ path: [...path, 'not_after'], message: 'not_after must be later than not_before' });
  }
}

function checkObligations({ effect, obligations }: Rule, path: Path, report: Report): void {
  if (effect === 'oblige' && obligations === undefined) {
    const message = 'an oblige rule says what is owed; add obligations: with rate_limit, budget or retention';
    report({ path: [...path, 'effect'], message });
  }
  if (obligations === undefined) return;
  const at = [...path, 'obligations'];
  if (effect === 'deny') {
    report({
      path: at,
      at: 'key',
      message: 'a call that is denied owes nothing; move this to an allow or oblige rule',
    });
  }
  if (Object.values(obligations).every((one) => one === undefined)) {
    report({ path: at, at: 'key', message: 'write at least one of rate_limit, budget, retention' });
  }
  const { budget } = obligations;
  if (budget !== undefined && (budget.tokens === undefined) === (budget.requests === undefined)) {
    report({
      path: [...at, 'budget'],
      at: 'key',
      message: 'write either tokens or requests; two budgets are two rules',
    });
  }
}

function checkHandlingRule(
  rule: HandlingRule,
  path: Path,
  entities: ReadonlySet<string>,
  vocabulary: Vocabulary,
  report: Report,
): void {
  const { supportedHandlings } = vocabulary;
  checkOperations(rule.operations ?? [], path, vocabulary, report);
  for (const [index, entity] of rule.entities.entries()) {
    if (entity === '*' || isEntityFamily(entity) || entities.has(entity)) continue;
    const message = `unknown entity; write a recogniser's entity such as PERSON, a family (${Object.keys(ENTITY_FAMILIES).join(', ')}), or "*"${didYouMean(entity, [...entities, ...Object.keys(ENTITY_FAMILIES)])}`;
    report({ path: [...path, 'entities', index], message });
  }
  if (!supportedHandlings.includes(rule.handling)) {
    const message = `this handling is in the language but not in this installation; write one of ${supportedHandlings.join(', ')}`;
    report({ path: [...path, 'handling'], message });
  }
}

function checkCases(set: PolicySet, report: Report): void {
  const ids = new Set([...set.rules, ...set.handling, ...set.output].map(({ id }) => id));
  if (Object.keys(set.purposes).length > 0) ids.add(UNDECLARED_PURPOSE);
  const timed = set.rules.some(isTimed);
  for (const [index, { given, expect }] of set.cases.entries()) {
    if (expect.rule !== undefined && !ids.has(expect.rule)) {
      const message = `no rule has this id${didYouMean(expect.rule, ids)}`;
      report({ path: ['cases', index, 'expect', 'rule'], message });
    }
    for (const [at, id] of expect.obliged_by?.entries() ?? []) {
      if (ids.has(id)) continue;
      const message = `no rule has this id${didYouMean(id, ids)}`;
      report({ path: ['cases', index, 'expect', 'obliged_by', at], message });
    }
    // A case that looked at the wall clock would pass today and refuse the same set tomorrow.
    if (timed && given.at === undefined) {
      const message =
        'this set has rules that depend on time; say at which time, such as at: 2027-01-31T12:00:00Z';
      report({ path: ['cases', index, 'given'], message });
    }
  }
}

/** True when the rule's answer can change while its input, but for the time, stays the same. */
export function isTimed(rule: Rule): boolean {
  const condition: Condition | undefined = rule.when;
  return (
    rule.not_before !== undefined ||
    rule.not_after !== undefined ||
    (condition !== undefined && isTimeDependent(condition))
  );
}
