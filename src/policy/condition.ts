import { attribute, type AttributeName } from './attributes.ts';
import { type Facts } from './facts.ts';
import { compileGlob } from '../domain/glob.ts';

/** A condition tree as parsed: every leaf is typed by the attribute it asks about. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly attribute: AttributeName; readonly test: LeafTest };

export type LeafTest =
  | { readonly op: 'is'; readonly value: string | number }
  | { readonly op: 'in'; readonly values: readonly string[] }
  | { readonly op: 'like'; readonly pattern: string }
  | { readonly op: 'contains_any'; readonly values: readonly string[] }
  | { readonly op: 'at_least' | 'at_most'; readonly value: number }
  | { readonly op: 'present'; readonly value: boolean };

/**
 * Kleene's three values; `undefined` means that an attribute was missing and the rest did not settle the answer.
 * An allow rule needs `true`. A deny rule applies on `true` and on `undefined`: leaving an attribute out must not
 * be a way around a denial.
 */
export type Truth = boolean | undefined;
export type Predicate = (facts: Facts) => Truth;

export function compileCondition(condition: Condition): Predicate {
  if ('all' in condition) return allOf(condition.all.map(compileCondition));
  if ('any' in condition) {
    const none = allOf(condition.any.map((part) => negate(compileCondition(part))));
    return negate(none);
  }
  if ('not' in condition) return negate(compileCondition(condition.not));
  return compileLeaf(condition.attribute, condition.test);
}

export function allOf(predicates: readonly Predicate[]): Predicate {
  return (facts) => {
    let truth: Truth = true;
    for (const predicate of predicates) {
      const part = predicate(facts);
      if (part === false) return false;
      if (part === undefined) truth = undefined;
    }
    return truth;
  };
}

export function isTimeDependent(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(isTimeDependent);
  if ('any' in condition) return condition.any.some(isTimeDependent);
  if ('not' in condition) return isTimeDependent(condition.not);
  return attribute(condition.attribute).timeDependent === true;
}

function negate(predicate: Predicate): Predicate {
  return (facts) => {
    const truth = predicate(facts);
    return truth === undefined ? undefined : !truth;
  };
}

function compileLeaf(name: AttributeName, test: LeafTest): Predicate {
  const { read } = attribute(name);
  if (test.op === 'present') return (facts) => (read(facts) !== undefined) === test.value;
  const holds = compileTest(test);
  return (facts) => {
    const value = read(facts);
    return value === undefined ? undefined : holds(value);
  };
}

/** The parser has checked that test and attribute agree in type; a value of another type never satisfies a test. */
function compileTest(
  test: Exclude<LeafTest, { op: 'present' }>,
): (value: string | number | readonly string[]) => boolean {
  switch (test.op) {
    case 'is':
      return (value) => value === test.value;
    case 'in':
      return (value) => typeof value === 'string' && test.values.includes(value);
    case 'like': {
      const glob = compileGlob(test.pattern);
      return (value) => typeof value === 'string' && glob(value);
    }
    case 'contains_any':
      return (value) => typeof value === 'object' && value.some((item) => test.values.includes(item));
    case 'at_least':
      return (value) => typeof value === 'number' && value >= test.value;
    case 'at_most':
      return (value) => typeof value === 'number' && value <= test.value;
  }
}
