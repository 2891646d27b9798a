import { type Row } from './session.ts';

/** Typed access to a row: SQL and code disagreeing is a defect of ours, so it is a TypeError. */

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} is not text`);
  return value;
}

/** bigint columns arrive as text, because they may exceed what a number holds exactly; ours must not. */
export function integer(row: Row, column: string): number {
  const value = Number(row[column] ?? NaN);
  if (!Number.isSafeInteger(value)) throw new TypeError(`column ${column} is not an integer`);
  return value;
}

export function flag(row: Row, column: string): boolean {
  const value = row[column];
  if (typeof value !== 'boolean') throw new TypeError(`column ${column} is not a boolean`);
  return value;
}

export function bytes(row: Row, column: string): Buffer {
  const value = optionalBytes(row, column);
  if (value === undefined) throw new TypeError(`column ${column} is not bytes`);
  return value;
}

export function optionalBytes(row: Row, column: string): Buffer | undefined {
  const value = row[column];
  return Buffer.isBuffer(value) ? value : undefined;
}

export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}

export function textList(row: Row, column: string): readonly string[] {
  const value = row[column];
  if (!Array.isArray(value)) throw new TypeError(`column ${column} is not a list`);
  return value.map(String);
}

export function byteList(row: Row, column: string): readonly Buffer[] {
  const value = row[column];
  if (!Array.isArray(value) || !value.every((item) => Buffer.isBuffer(item))) {
    throw new TypeError(`column ${column} is not a list of bytes`);
  }
  return value;
}
