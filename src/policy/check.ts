import { type Handling, OUTPUT_HANDLINGS } from '../domain/handling.ts';
import { type Condition, isTimeDependent } from './condition.ts';
import { ENTITY_FAMILIES, familiesByEntity, isEntityFamily } from './entities.ts';
import { type Path, type Report } from './problem.ts';
import { checkRoles } from './roles.ts';
import { type HandlingRule, type PolicySet, type Rule } from './schema.ts';

/** What this installation can do and knows the names of; a set that goes beyond it is refused. */
export interface Vocabulary {
  readonly supportedHandlings: readonly Handling[];
  /** Entities of the user's own recognisers, beside the known families. */
  readonly extraEntities: readonly string[];
  /** When given, any other operation is refused: a denial of a misspelt one would never apply. */
  readonly operations: readonly string[] | undefined;
}

/** The id of the verdict when no handling rule applies; nobody may name a rule so. */
export const DEFAULT_BLOCK = 'default_block';

/** The id of the verdict when no output rule applies. */
export const DEFAULT_OUTPUT = 'default_output';

const MAX_PAIRS = 256;

/** All that the shape alone cannot say: references resolve, ids are single, names are known, windows are not empty. */
export function checkSet(set: PolicySet, vocabulary: Vocabulary, report: Report): void {
  checkRoles(set.roles, report);
  checkIds(set, report);
  const declared = new Set(Object.keys(set.roles).map((role) => `role:${role}`));
  for (const [index, rule] of set.rules.entries()) {
    checkSubjects(rule.subjects, declared, ['rules', index, 'subjects'], report);
    checkRule(rule, ['rules', index], vocabulary, report);
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
  const seen = new Set([DEFAULT_BLOCK, DEFAULT_OUTPUT]);
  const places: [string, Path][] = [
    ...set.rules.map(({ id }, index): [string, Path] => [id, ['rules', index, 'id']]),
    ...set.handling.map(({ id }, index): [string, Path] => [id, ['handling', index, 'id']]),
    ...set.output.map(({ id }, index): [string, Path] => [id, ['output', index, 'id']]),
  ];
  for (const [id, path] of places) {
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
        message: 'this role is not declared; add it under roles, as NAME: {}',
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
    const message = `unknown operation; write one of ${operations.join(', ')}, or "*"`;
    report({ path: [...path, 'operations', index], message });
  }
}

function checkRule(rule: Rule, path: Path, vocabulary: Vocabulary, report: Report): void {
  checkOperations(rule.operations, path, vocabulary, report);
  // Each pair is a row, and casbin looks at every row of the caller's rules.
  if (rule.models.length * rule.runners.length > MAX_PAIRS) {
    const message = `at most ${MAX_PAIRS} pairs of model and runner in a rule; use globs, or split the rule`;
    report({ path: [...path, 'models'], message });
  }
  if (rule.opaque === true && rule.effect === 'deny') {
    const message = 'opaque goes with allow; what no rule grants is refused without it';
    report({ path: [...path, 'opaque'], message });
  }
  const { not_before: from, not_after: until } = rule;
  if (from !== undefined && until !== undefined && Date.parse(from) >= Date.parse(until)) {
    report({ path: [...path, 'not_after'], message: 'not_after must be later than not_before' });
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
    const message = `unknown entity; write a recogniser's entity such as PERSON, a family (${Object.keys(ENTITY_FAMILIES).join(', ')}), or "*"`;
    report({ path: [...path, 'entities', index], message });
  }
  if (!supportedHandlings.includes(rule.handling)) {
    const message = `this handling is in the language but not in this installation; write one of ${supportedHandlings.join(', ')}`;
    report({ path: [...path, 'handling'], message });
  }
}

function checkCases(set: PolicySet, report: Report): void {
  const ids = new Set([...set.rules, ...set.handling, ...set.output].map(({ id }) => id));
  const timed = set.rules.some(isTimed);
  for (const [index, { given, expect }] of set.cases.entries()) {
    if (expect.rule !== undefined && !ids.has(expect.rule)) {
      report({ path: ['cases', index, 'expect', 'rule'], message: 'no rule has this id' });
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
