import { type Json, type JsonObject } from '../../src/domain/json.ts';

/** As much of JSON Schema 2020-12 as our document uses; anything else in a schema throws. */
export function accepts(schema: Json, value: Json, root: JsonObject): boolean {
  if (typeof schema === 'boolean') return schema;
  const rules = objectOf(schema);
  return Object.entries(rules).every(([keyword, rule]) => {
    const check = CHECKS[keyword];
    if (check === undefined) throw new Error(`the document uses ${keyword}`);
    return check(rule, value, root, rules);
  });
}

/** What a reference points to; throws when it points nowhere. */
export function resolve(ref: string, root: JsonObject): Json {
  return ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<Json>((at, step) => {
      const next = objectOf(at)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
      if (next === undefined) throw new Error(`${ref} points nowhere`);
      return next;
    }, root);
}

export function objectOf(value: Json | undefined): JsonObject {
  if (value === undefined || value === null || typeof value !== 'object' || isList(value)) {
    throw new Error('not an object');
  }
  return value;
}

export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null || !isList(value)) throw new Error('not a list');
  return value;
}

export function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error('not a text');
  return value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

type Check = (rule: Json, value: Json, root: JsonObject, rules: JsonObject) => boolean;

const ANNOTATION: Check = () => true;
const same = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);
const isObject = (value: Json): boolean => typeof value === 'object' && value !== null && !isList(value);
const number = (rule: Json, value: Json, holds: (limit: number, value: number) => boolean): boolean =>
  typeof value !== 'number' || holds(Number(rule), value);
const length = (value: Json): number | undefined =>
  typeof value === 'string' ? Array.from(value).length : undefined;
const size = (value: Json): number | undefined =>
  value !== null && typeof value === 'object' && isList(value) ? value.length : undefined;

const CHECKS: Readonly<Record<string, Check>> = {
  'x-cordon': ANNOTATION,
  description: ANNOTATION,
  format: ANNOTATION,
  $ref: (rule, value, root) => accepts(resolve(textOf(rule), root), value, root),
  type: (rule, value) => [rule].flat().some((type) => isOfType(textOf(type), value)),
  enum: (rule, value) => listOf(rule).some((one) => same(one, value)),
  const: same,
  not: (rule, value, root) => !accepts(rule, value, root),
  anyOf: (rule, value, root) => listOf(rule).some((one) => accepts(one, value, root)),
  oneOf: (rule, value, root) => listOf(rule).filter((one) => accepts(one, value, root)).length === 1,
  pattern: (rule, value) => typeof value !== 'string' || new RegExp(textOf(rule), 'u').test(value),
  minLength: (rule, value) => (length(value) ?? Infinity) >= Number(rule),
  maxLength: (rule, value) => (length(value) ?? 0) <= Number(rule),
  minItems: (rule, value) => (size(value) ?? Infinity) >= Number(rule),
  maxItems: (rule, value) => (size(value) ?? 0) <= Number(rule),
  minimum: (rule, value) => number(rule, value, (limit, n) => n >= limit),
  maximum: (rule, value) => number(rule, value, (limit, n) => n <= limit),
  exclusiveMinimum: (rule, value) => number(rule, value, (limit, n) => n > limit),
  exclusiveMaximum: (rule, value) => number(rule, value, (limit, n) => n < limit),
  items: (rule, value, root) =>
    value === null ||
    typeof value !== 'object' ||
    !isList(value) ||
    value.every((item) => accepts(rule, item, root)),
  required: (rule, value) =>
    !isObject(value) || listOf(rule).every((key) => Object.hasOwn(objectOf(value), textOf(key))),
  properties: (rule, value, root) =>
    !isObject(value) ||
    Object.entries(objectOf(rule)).every(([key, schema]) => {
      const member = objectOf(value)[key];
      return member === undefined || accepts(schema, member, root);
    }),
  propertyNames: (rule, value, root) =>
    !isObject(value) || Object.keys(objectOf(value)).every((key) => accepts(rule, key, root)),
  additionalProperties: (rule, value, root, rules) => {
    if (!isObject(value)) return true;
    const known = rules['properties'] === undefined ? {} : objectOf(rules['properties']);
    return Object.entries(objectOf(value)).every(
      ([key, member]) => Object.hasOwn(known, key) || accepts(rule, member, root),
    );
  },
};

function isOfType(type: string, value: Json): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return size(value) !== undefined;
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      throw new Error(`no such type: ${type}`);
  }
}
