import { stricter } from '../domain/handling.ts';
import { type HandlingVerdict } from '../domain/policy.ts';
import { DEFAULT_BLOCK } from './check.ts';
import { familiesByEntity } from './entities.ts';
import { type Facts } from './facts.ts';
import { compileGlob, type Glob } from '../domain/glob.ts';
import { expandSelectors, roleHolders } from './roles.ts';
import { type HandlingRule, type PolicySet } from './schema.ts';

/**
 * Which handling rule wins, among those that apply to the caller, the operation and the destination:
 *
 * 1. Only the rules that name the entity most closely count: by name before by family before `*`.
 * 2. Among them a `block` always wins, as a deny does among rules. A `block` for a region also applies when the
 *    region is unknown.
 * 3. Otherwise a rule for some subjects beats one for everyone; then one for some operations beats one for all; then
 *    one for some runners beats one for a trust or region, which beats one for any destination.
 * 4. Where that leaves several, the strictest wins, and of equals the first written.
 *
 * If none applies, `otherwise` answers: for what is sent, `block`. `namesOf`: what a rule may call an operation so that it
 * applies to it. Throws a RangeError when the rules stand for more people than a process should hold.
 */
export interface HandlingResolver {
  resolve(facts: Facts, entity: string): HandlingVerdict;
  /** The caller's selectors that any rule asks for; callers with the same ones are handled alike. */
  relevantSelectors(facts: Facts): readonly string[];
}

interface CompiledHandling {
  readonly rule: HandlingRule;
  readonly verdict: HandlingVerdict;
  readonly subjects: ReadonlySet<string> | undefined;
  readonly operations: ReadonlySet<string> | undefined;
  readonly trust: string | undefined;
  readonly region: readonly Glob[] | undefined;
  readonly runner: readonly Glob[] | undefined;
  readonly closeness: number;
}

const MAX_SUBJECTS = 1_000_000;
const NOTHING_GRANTED: HandlingVerdict = Object.freeze({ handling: 'block', ruleId: DEFAULT_BLOCK });

export function createHandlingResolver(
  set: PolicySet,
  rules: readonly HandlingRule[] = set.handling,
  otherwise: (entity: string) => HandlingVerdict = () => NOTHING_GRANTED,
  namesOf: (operation: string) => readonly string[] = (operation) => [operation],
): HandlingResolver {
  const holders = roleHolders(set.roles);
  const families = familiesByEntity();
  const byTarget = new Map<string, CompiledHandling[]>();
  let expanded = 0;
  for (const rule of rules) {
    const compiled = compile(rule, holders);
    expanded += compiled.subjects?.size ?? 0;
    if (expanded > MAX_SUBJECTS)
      throw new RangeError(
        `the subjects of handling rules stand for more than ${MAX_SUBJECTS} holders of roles`,
      );
    for (const target of new Set(rule.entities)) {
      const others = byTarget.get(target);
      if (others === undefined) byTarget.set(target, [compiled]);
      else others.push(compiled);
    }
  }
  const asked = new Set([...byTarget.values()].flat().flatMap(({ subjects }) => [...(subjects ?? [])]));
  return {
    resolve(facts, entity) {
      const operations = namesOf(facts.input.operation);
      for (const target of [entity, families.get(entity), '*']) {
        const named = target === undefined ? [] : (byTarget.get(target) ?? []);
        const applying = named.filter((rule) => applies(rule, facts, operations));
        if (applying.length > 0) return strongest(applying);
      }
      return otherwise(entity);
    },
    relevantSelectors: ({ selectors }) => [...selectors].filter((selector) => asked.has(selector)).sort(),
  };
}

type Holders = ReadonlyMap<string, ReadonlySet<string>>;

/** Step 3, larger is closer. */
export function closenessOf(rule: HandlingRule, holders: Holders): number {
  const { trust, region, runner } = rule.destinations;
  const subjects = rule.subjects && expandSelectors(rule.subjects, holders);
  const forSome = subjects !== undefined && !subjects.has('any');
  const atSome = rule.operations !== undefined && !rule.operations.includes('*');
  const atRunner = runner !== undefined && !runner.includes('*');
  const atPlace = trust !== undefined || (region !== undefined && !region.includes('*'));
  return (forSome ? 6 : 0) + (atSome ? 3 : 0) + (atRunner ? 2 : atPlace ? 1 : 0);
}

function compile(rule: HandlingRule, holders: Holders): CompiledHandling {
  const { trust, region, runner } = rule.destinations;
  const operations = rule.operations?.includes('*') === true ? undefined : rule.operations;
  return {
    rule,
    verdict: Object.freeze({ handling: rule.handling, ruleId: rule.id }),
    subjects: rule.subjects && expandSelectors(rule.subjects, holders),
    operations: operations && new Set(operations),
    trust,
    region: region?.map(compileGlob),
    runner: runner?.map(compileGlob),
    closeness: closenessOf(rule, holders),
  };
}

function applies(compiled: CompiledHandling, facts: Facts, names: readonly string[]): boolean {
  const { rule, subjects, operations, trust, region, runner } = compiled;
  const { destination } = facts.input;
  if (operations !== undefined && !names.some((name) => operations.has(name))) return false;
  if (subjects !== undefined && ![...facts.selectors].some((selector) => subjects.has(selector)))
    return false;
  if (trust !== undefined && trust !== destination.trust) return false;
  if (runner !== undefined && !runner.some((matches) => matches(destination.runner))) return false;
  if (region === undefined) return true;
  const { region: place } = facts;
  return place === undefined ? rule.handling === 'block' : region.some((matches) => matches(place));
}

function strongest(applying: readonly CompiledHandling[]): HandlingVerdict {
  const block = applying.find(({ rule }) => rule.handling === 'block');
  if (block !== undefined) return block.verdict;
  const closest = Math.max(...applying.map(({ closeness }) => closeness));
  return applying
    .filter(({ closeness }) => closeness === closest)
    .map(({ verdict }) => verdict)
    .reduce((best, next) => (stricter(best.handling, next.handling) === best.handling ? best : next));
}
