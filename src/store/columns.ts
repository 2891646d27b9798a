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
