import { FREE, mapOf, type Shape, type Structure } from './shape.ts';

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);

/** The common names pass; a runner's own is looked at, not refused. */
const TYPE: Structure = { allows: (value) => TYPES.has(value), otherwise: 'fixed', chosen: false };
const FIXED: Shape = { string: 'fixed', null: true, array: { string: 'fixed' } };
const TEXT: Shape = { string: 'text' };

const TEXTS = ['title', 'description', '$comment', 'pattern'];
/** Keywords whose value is a schema, a list of schemas or a boolean. */
const SUBSCHEMAS = [
  'items',
  'prefixItems',
  'additionalItems',
  'additionalProperties',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'allOf',
  'anyOf',
  'oneOf',
  'contentSchema',
];
/** Keywords whose value is the caller's own, or a bound. */
const VALUES = [
  ...['enum', 'const', 'default', 'examples', 'example', 'deprecated', 'readOnly', 'writeOnly', 'nullable'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minContains', 'maxContains', 'minProperties', 'maxProperties'],
];
/** Keywords whose value maps names to schemas. */
const NAMED_SUBSCHEMAS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
/** Keywords that must keep saying the same thing as a property's name or a validator's, so they cannot change. */
const NAMES = [
  'format',
  'required',
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  '$id',
  '$schema',
  '$anchor',
  '$dynamicAnchor',
  'contentEncoding',
  'contentMediaType',
];

/**
 * A JSON Schema (tool parameters, response formats). Descriptions, enums, examples, constants and defaults are text;
 * property names and what refers to them cannot change without breaking the schema. Keywords not listed are free.
 */
export const JSON_SCHEMA: Shape = createJsonSchema();

function createJsonSchema(): Shape {
  const keys = new Map<string, Shape>();
  const schema: Shape = {
    boolean: true,
    null: true,
    get array() {
      return schema;
    },
    object: { keys, rest: { key: 'fixed', value: FREE } },
  };
  const named = mapOf(schema);
  keys.set('type', { string: TYPE, array: { string: TYPE } });
  for (const key of TEXTS) keys.set(key, TEXT);
  for (const key of VALUES) keys.set(key, FREE);
  for (const key of NAMES) keys.set(key, FIXED);
  for (const key of SUBSCHEMAS) keys.set(key, schema);
  for (const key of NAMED_SUBSCHEMAS) keys.set(key, named);
  keys.set('dependentRequired', mapOf(FIXED));
  return schema;
}
