import { type JsonObject } from '../domain/json.ts';
import { compileRules, effectiveRules, opaqueRules } from './compile.ts';
import { writeCondition } from './condition-text.ts';
import { HANDLING_MODEL, handlingRows, outputRows } from './handling-model.ts';
import { CASBIN_MODEL } from './model.ts';
import { type PolicySet, type Rule } from './schema.ts';

/**
 * A set as plain casbin: two models, four policies and the conditions that the rows name. `policy` and `opaque` are judged
 * by `model`, `handling` and `output` by `handlingModel`; each with the functions `holds`, `glob` and `cond`.
 */
export interface CasbinExport {
  readonly model: string;
  readonly policy: string;
  readonly opaque: string;
  readonly conditions: CasbinConditions;
  readonly handlingModel: string;
  readonly handling: string;
  readonly output: string;
}

/** What `cond(ctx, id)` stands for, as the set writes it. */
export interface CasbinConditions {
  readonly purposes: PolicySet['purposes'];
  readonly rules: Readonly<Record<string, JsonObject>>;
}

export const SECTION_NAMES = {
  model: 'model.conf',
  policy: 'policy.csv',
  opaque: 'opaque.csv',
  conditions: 'conditions.json',
  handlingModel: 'handling-model.conf',
  handling: 'handling.csv',
  output: 'output.csv',
} as const satisfies Record<keyof CasbinExport, string>;

function exportCasbin(set: PolicySet): CasbinExport {
  const rules = effectiveRules(set);
  const opaque = opaqueRules(set);
  const conditional = [...rules, ...opaque].map((rule): [string, JsonObject] => [rule.id, conditionOf(rule)]);
  return {
    model: CASBIN_MODEL,
    policy: toCsv(compileRules(set, rules).rows),
    opaque: toCsv(compileRules(set, opaque).rows),
    conditions: {
      purposes: set.purposes,
      rules: Object.fromEntries(conditional.filter(([, condition]) => Object.keys(condition).length > 0)),
    },
    handlingModel: HANDLING_MODEL,
    handling: toCsv(handlingRows(set)),
    output: toCsv(outputRows(set)),
  };
}

/** One text, each part under a line `# name`; readCasbin takes it apart again. */
export function printCasbin(set: PolicySet): string {
  const parts: Readonly<Record<keyof CasbinExport, unknown>> = { ...exportCasbin(set) };
  return Object.entries(SECTION_NAMES)
    .map(([part, name]) => {
      const value = parts[part as keyof CasbinExport];
      const body = typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`;
      return `# ${name}\n${body}`;
    })
    .join('\n');
}

function conditionOf({ purposes, regions, when, not_before, not_after }: Rule): JsonObject {
  return {
    ...(not_before === undefined ? {} : { not_before }),
    ...(not_after === undefined ? {} : { not_after }),
    ...(purposes === undefined ? {} : { purposes }),
    ...(regions === undefined ? {} : { regions }),
    ...(when === undefined ? {} : { when: writeCondition(when) }),
  };
}

function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `p, ${row.join(', ')}\n`).join('');
}
