import { z } from 'zod';
import { type CasbinExport, SECTION_NAMES } from './casbin-export.ts';
import { clausesOf, type Conditional } from './clauses.ts';
import { type CasbinFunctions, createFunctions } from './compile.ts';
import { allOf } from './condition.ts';
import { parseCondition } from './condition-parse.ts';
import { writeCondition } from './condition-text.ts';
import { FIELD } from './model.ts';
import { purposesSchema, type Rule } from './schema.ts';

/** Printed casbin, read back without the set it came from. */
export interface CasbinReading extends CasbinExport {
  readonly functions: CasbinFunctions;
  /** What each rule says, in the order of its first row. */
  readonly rules: readonly CasbinRule[];
}

export interface CasbinRule {
  readonly id: string;
  readonly effect: Rule['effect'];
  readonly subjects: readonly string[];
  readonly tenants: readonly string[];
  readonly operations: readonly string[];
  readonly models: readonly string[];
  readonly runners: readonly string[];
  readonly opaque: boolean;
  readonly condition: Conditional | undefined;
}

const FIELDS = 8;
const stored = z.strictObject({
  purposes: purposesSchema,
  rules: z.record(
    z.string(),
    z.strictObject({
      purposes: z.array(z.string()).optional(),
      regions: z.array(z.string()).optional(),
      not_before: z.string().optional(),
      not_after: z.string().optional(),
      when: z.unknown().optional(),
    }),
  ),
});

/** Throws a SyntaxError when the text is not what `cordon policy show --casbin` prints. */
export function readCasbin(text: string): CasbinReading {
  const sections = split(text);
  const { purposes, rules: written } = readConditions(sections.conditions);
  const conditions = new Map(
    Object.entries(written).map(([id, { when, ...others }]) => [id, conditional(others, when)]),
  );
  const rows = readRows(sections.policy);
  const unread = readRows(sections.opaque);
  const opaque = new Set(unread.map((row) => row[FIELD.rule] ?? ''));
  const known = new Set(rows.map((row) => row[FIELD.rule]));
  const onlyUnread = unread.filter((row) => !known.has(row[FIELD.rule]));
  const rules = groupRows([...rows, ...onlyUnread], conditions, opaque);
  const judged = new Map(
    rules.map(({ id, effect, condition }) => [
      id,
      { effect, truth: allOf(clausesOf(condition ?? {}).map(({ predicate }) => predicate)) },
    ]),
  );
  const patterns = [...rows, ...unread].flatMap((row) => [row[FIELD.model], row[FIELD.runner]]);
  const handled = [...readRows(sections.handling, 9), ...readRows(sections.output, 9)];
  const places = handled.flatMap((row) => [row[1], row[4], row[5]]);
  const globs = new Set([...patterns, ...places].filter((pattern) => pattern !== undefined));
  return {
    ...sections,
    conditions: { purposes, rules: Object.fromEntries([...conditions].map(([id, one]) => [id, plain(one)])) },
    functions: createFunctions(judged, globs),
    rules,
  };
}

/** One paragraph a rule, for people. */
export function describeCasbin({ rules }: CasbinReading): string {
  return rules
    .map(({ id, effect, subjects, tenants, operations, models, runners, opaque, condition }) => {
      const named = (what: string, values: readonly string[]): string =>
        values.includes('*') ? `any ${what}` : `${what} ${values.join(', ')}`;
      const lines = [
        `${id}: ${effect}${opaque && effect === 'allow' ? ', opaque content too' : ''}`,
        `  who: ${subjects.join(', ')}${tenants.includes('*') ? '' : ` of tenant ${tenants.join(', ')}`}`,
        `  what: ${named('operation', operations)}, ${named('model', models)}, ${named('runner', runners)}`,
        ...(condition === undefined ? [] : [`  when: ${JSON.stringify(plain(condition))}`]),
      ];
      return `${lines.join('\n')}\n`;
    })
    .join('\n');
}

function split(text: string): Record<keyof CasbinExport, string> {
  const found = new Map<string, string>();
  const parts = text.split(/^# ([a-z-]+\.(?:conf|csv|json))$/m);
  for (let i = 1; i < parts.length; i += 2) found.set(parts[i] ?? '', (parts[i + 1] ?? '').trim() + '\n');
  const part = (name: string): string => {
    const body = found.get(name);
    if (body === undefined) throw new SyntaxError(`the part ${name} is missing`);
    return body;
  };
  return {
    model: part(SECTION_NAMES.model),
    policy: part(SECTION_NAMES.policy),
    opaque: part(SECTION_NAMES.opaque),
    conditions: part(SECTION_NAMES.conditions),
    handlingModel: part(SECTION_NAMES.handlingModel),
    handling: part(SECTION_NAMES.handling),
    output: part(SECTION_NAMES.output),
  };
}

function readConditions(text: string): z.output<typeof stored> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError('conditions.json is not JSON');
  }
  const parsed = stored.safeParse(value);
  if (!parsed.success)
    throw new SyntaxError('conditions.json has another shape than the one that is printed');
  return parsed.data;
}

function conditional(others: Omit<Conditional, 'when'>, when: unknown): Conditional {
  if (when === undefined) return others;
  const condition = parseCondition(when, [], ({ message }) => {
    throw new SyntaxError(`conditions.json: ${message}`);
  });
  return { ...others, when: condition };
}

function readRows(csv: string, fields = FIELDS): readonly (readonly string[])[] {
  return csv
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [kind, ...row] = line.split(',').map((field) => field.trim());
      if (kind !== 'p' || row.length !== fields) throw new SyntaxError(`a row has not ${fields} fields`);
      return row;
    });
}

function groupRows(
  rows: readonly (readonly string[])[],
  conditions: ReadonlyMap<string, Conditional>,
  opaque: ReadonlySet<string>,
): readonly CasbinRule[] {
  const groups = new Map<string, (readonly string[])[]>();
  for (const row of rows) {
    const id = row[FIELD.rule] ?? '';
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return [...groups].map(([id, group]) => {
    const column = (field: number): readonly string[] => [...new Set(group.map((row) => row[field] ?? ''))];
    const [effect] = column(FIELD.effect);
    if (effect !== 'allow' && effect !== 'deny' && effect !== 'oblige')
      throw new SyntaxError('a row has another effect than allow, deny or oblige');
    const conditioned = column(FIELD.cond).some((condition) => condition !== 'always');
    if (column(FIELD.cond).some((condition) => condition !== 'always' && condition !== id))
      throw new SyntaxError('a row names the condition of another rule');
    if (conditioned && !conditions.has(id))
      throw new SyntaxError('a row names a condition that is not there');
    return {
      ...{ id, effect, subjects: column(FIELD.sub), tenants: column(FIELD.dom) },
      ...{ operations: column(FIELD.op), models: column(FIELD.model), runners: column(FIELD.runner) },
      opaque: opaque.has(id),
      condition: conditioned ? conditions.get(id) : undefined,
    };
  });
}

function plain({ when, ...others }: Conditional): CasbinExport['conditions']['rules'][string] {
  const written = JSON.parse(JSON.stringify(others)) as CasbinExport['conditions']['rules'][string];
  return when === undefined ? written : { ...written, when: writeCondition(when) };
}
