import { type Json, type JsonObject } from '../domain/json.ts';
import { type Condition } from './condition.ts';

/** A condition as a set writes it: parseCondition of the result is the condition again. */
export function writeCondition(condition: Condition): JsonObject {
  if ('all' in condition) return { all: condition.all.map(writeCondition) };
  if ('any' in condition) return { any: condition.any.map(writeCondition) };
  if ('not' in condition) return { not: writeCondition(condition.not) };
  const { attribute, test } = condition;
  const value: Json = 'pattern' in test ? test.pattern : 'values' in test ? test.values : test.value;
  return { attribute, [test.op]: value };
}
