import { compileGlob } from '../domain/glob.ts';
import { type Condition, compileCondition, type Predicate } from './condition.ts';
import { type Rule } from './schema.ts';

/** A clause of a rule beyond what a row says: when it holds, asked of the facts of one call. */
export interface Clause {
  /** As the language calls it; `when.all.1` names a part of a condition. */
  readonly name: string;
  readonly predicate: Predicate;
  /** What it asks about. */
  readonly attribute?: string;
}

export type Conditional = Pick<Rule, 'purposes' | 'regions' | 'when' | 'not_before' | 'not_after'>;

/** A missing purpose or region settles nothing. */
export function clausesOf({
  purposes,
  regions,
  when,
  not_before,
  not_after,
}: Conditional): readonly Clause[] {
  const clauses: Clause[] = [];
  if (not_before !== undefined) {
    const from = Date.parse(not_before);
    clauses.push({ name: 'not_before', predicate: ({ input }) => input.nowMs >= from });
  }
  if (not_after !== undefined) {
    const until = Date.parse(not_after);
    clauses.push({ name: 'not_after', predicate: ({ input }) => input.nowMs < until });
  }
  if (purposes !== undefined) {
    const predicate: Predicate = ({ purpose }) =>
      purpose === undefined ? undefined : purposes.includes(purpose);
    clauses.push({ name: 'purposes', attribute: 'purpose', predicate });
  }
  if (regions !== undefined) {
    const globs = regions.map(compileGlob);
    const predicate: Predicate = ({ region }) =>
      region === undefined ? undefined : globs.some((matches) => matches(region));
    clauses.push({ name: 'regions', attribute: 'destination.region', predicate });
  }
  if (when !== undefined) clauses.push(conditionClause(when, 'when'));
  return clauses;
}

/** The parts of an `all` are clauses of their own, so that an explanation can name the one that failed. */
export function conditionParts(condition: Condition, name = 'when'): readonly Clause[] {
  if ('all' in condition) {
    return condition.all.flatMap((part, index) => conditionParts(part, `${name}.all.${index}`));
  }
  return [conditionClause(condition, name)];
}

function conditionClause(condition: Condition, name: string): Clause {
  const predicate = compileCondition(condition);
  const asked = attributesOf(condition);
  const [attribute] = asked;
  return attribute !== undefined && asked.size === 1 ? { name, predicate, attribute } : { name, predicate };
}

export function attributesOf(condition: Condition): ReadonlySet<string> {
  if ('all' in condition) return new Set(condition.all.flatMap((part) => [...attributesOf(part)]));
  if ('any' in condition) return new Set(condition.any.flatMap((part) => [...attributesOf(part)]));
  if ('not' in condition) return attributesOf(condition.not);
  return new Set([condition.attribute]);
}
