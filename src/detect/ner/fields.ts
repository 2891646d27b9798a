import { modelError } from './model-error.ts';

/** A JSON object from a model's folder, not yet believed. */
export type Fields = Readonly<Record<string, unknown>>;

export function asRecord(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw modelError(`${what} must be a JSON object`);
  }
  return Object.fromEntries(Object.entries(value));
}

/** A whole number above zero, or undefined when absent. */
export function optionalCount(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw modelError(`config.json: ${name} must be a whole number above zero`);
  }
  return value;
}

export function optionalString(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value === '') throw modelError(`config.json: ${name} must be a string`);
  return value;
}
