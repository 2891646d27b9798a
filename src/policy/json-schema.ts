import { z } from 'zod';
import { type Json, type JsonObject } from '../domain/json.ts';
import { attribute, ATTRIBUTE_NAMES } from './attributes.ts';
import { MAX_PARTS, MAX_TEXT } from './condition-parse.ts';
import { conditionSchema, policySetSchema } from './schema.ts';

/**
 * The language as JSON Schema (2020-12), for editors: made from the schema that reads policies, with conditions from the
 * table of attributes. It knows shapes; what names refer to, only `cordon policy lint` knows.
 */
export function policyJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(policySetSchema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === conditionSchema) jsonSchema.$ref = '#/$defs/condition';
    },
  }) as Json as JsonObject;
  return {
    ...schema,
    title: 'Cordon policy set, version 1',
    $defs: { condition: condition(), ...(schema['$defs'] as JsonObject | undefined) },
  };
}

function condition(): JsonObject {
  const inner = { $ref: '#/$defs/condition' };
  const list = { type: 'array', items: inner, minItems: 1, maxItems: MAX_PARTS };
  const branch = (key: string, value: JsonObject): JsonObject => ({
    type: 'object',
    properties: { [key]: value },
    required: [key],
    additionalProperties: false,
  });
  return {
    description: 'all, any and not join conditions; a leaf names one attribute and one test of it.',
    oneOf: [branch('all', list), branch('any', list), branch('not', inner), ...leaves()],
  };
}

/** One leaf for each type of attribute and test. */
function leaves(): readonly JsonObject[] {
  const text = { type: 'string', minLength: 1, maxLength: MAX_TEXT };
  const texts = { type: 'array', items: text, minItems: 1, maxItems: MAX_PARTS };
  const number = { type: 'number' };
  const present = { type: 'boolean' };
  const tests: Readonly<Record<'text' | 'list' | 'number', JsonObject>> = {
    text: { is: text, in: texts, like: text, present },
    list: { contains: text, contains_any: texts, present },
    number: { is: number, at_least: number, at_most: number, present },
  };
  return (['text', 'list', 'number'] as const).map((type) => ({
    type: 'object',
    properties: {
      attribute: { enum: ATTRIBUTE_NAMES.filter((name) => attribute(name).type === type) },
      ...tests[type],
    },
    required: ['attribute'],
    minProperties: 2,
    maxProperties: 2,
    additionalProperties: false,
  }));
}
