import { HANDLINGS } from '../domain/handling.ts';
import { DEFAULT_BLOCK, DEFAULT_OUTPUT } from './check.ts';
import { isEntityFamily } from './entities.ts';
import { closenessOf } from './handling.ts';
import { MASKED_FAMILIES } from './output.ts';
import { expandSelectors, roleHolders } from './roles.ts';
import { type HandlingRule, type PolicySet } from './schema.ts';

/**
 * The handling rules as casbin would judge them: the first row that matches decides. Cordon itself asks its resolver
 * (handling.ts), which needs no scan; a test holds the two together. `-` in a row: the rule names no region. A region
 * that is not known is `unknown` and settles nothing but a block.
 */
export const HANDLING_MODEL = `
[request_definition]
r = who, op, entity, family, trust, region, runner

[policy_definition]
p = sub, op, entity, trust, region, runner, handling, eft, rule

[policy_effect]
e = priority(p.eft) || deny

[matchers]
m = (p.entity == "*" || r.entity == p.entity || r.family == p.entity) && glob(r.op, p.op) && holds(r.who, p.sub) && (p.trust == "*" || r.trust == p.trust) && glob(r.runner, p.runner) && (p.region == "-" || (r.region == "unknown" && p.handling == "block") || (r.region != "unknown" && glob(r.region, p.region)))
`.trimStart();

/** sub, op, entity, trust, region, runner, handling, eft, rule. */
export type HandlingRow = readonly [
  ...[string, string, string, string, string, string, string, string],
  string,
];

export function handlingRows(set: PolicySet): readonly HandlingRow[] {
  return [
    ...sortedRows(set, set.handling, (operation) => [operation]),
    otherwise('*', 'block', DEFAULT_BLOCK),
  ];
}

export function outputRows(set: PolicySet): readonly HandlingRow[] {
  const rows = sortedRows(set, set.output, withVariants);
  if (set.output.length > 0) return [...rows, otherwise('*', 'mask', DEFAULT_OUTPUT)];
  const masked = [...MASKED_FAMILIES].map((family) => otherwise(family, 'mask', DEFAULT_OUTPUT));
  return [...masked, otherwise('*', 'disclose', DEFAULT_OUTPUT)];
}

function otherwise(entity: string, handling: string, rule: string): HandlingRow {
  return ['any', '*', entity, '*', '-', '*', handling, 'allow', rule];
}

/** Who names the entity most closely first; then blocks as written; then the closer, the stricter, the earlier (handling.ts). */
function sortedRows(
  set: PolicySet,
  rules: readonly HandlingRule[],
  operationsOf: (operation: string) => readonly string[],
): readonly HandlingRow[] {
  const holders = roleHolders(set.roles);
  const keyed = rules.flatMap((rule, written) =>
    [...new Set(rule.entities)].map((entity) => ({
      rule,
      entity,
      key: [
        entity === '*' ? 2 : isEntityFamily(entity) ? 1 : 0,
        // Of blocks the first written, however close.
        ...(rule.handling === 'block'
          ? [0, 0, 0]
          : [1, -closenessOf(rule, holders), -HANDLINGS.indexOf(rule.handling)]),
        written,
      ],
    })),
  );
  keyed.sort((a, b) => compare(a.key, b.key));
  return keyed.flatMap(({ rule, entity }) => expand(rule, entity, holders, operationsOf));
}

/** An output rule for `responses` is one for `responses.retrieve` too (output.ts). */
function withVariants(operation: string): readonly string[] {
  return operation === '*' || operation.includes('.') ? [operation] : [operation, `${operation}.*`];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}

function expand(
  rule: HandlingRule,
  entity: string,
  holders: ReadonlyMap<string, ReadonlySet<string>>,
  operationsOf: (operation: string) => readonly string[],
): HandlingRow[] {
  const { trust = '*', region = ['-'], runner = ['*'] } = rule.destinations;
  const rows: HandlingRow[] = [];
  for (const subject of rule.subjects === undefined ? ['any'] : expandSelectors(rule.subjects, holders)) {
    for (const operation of (rule.operations ?? ['*']).flatMap(operationsOf)) {
      for (const place of region) {
        for (const pattern of runner) {
          rows.push([subject, operation, entity, trust, place, pattern, rule.handling, 'allow', rule.id]);
        }
      }
    }
  }
  return rows;
}
