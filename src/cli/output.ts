import { type Json, type JsonObject } from '../domain/json.ts';

/** What a command prints, and how it ends. Results go to standard output, everything else to standard error. */
export function print(text: string): void {
  process.stdout.write(`${visible(text)}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

export function printError(text: string): void {
  process.stderr.write(`${visible(text)}\n`);
}

/**
 * Notes, names and originals are other people's text. Signs that move the cursor, or turn the direction of writing,
 * would let one admin show another something else than what they approve: they are spelt out, as in JSON.
 */
export function visible(text: string): string {
  return text.replace(CONTROL, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const CONTROL = /\r(?!\n)|[^\P{Cc}\t\n\r]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** What another person has to do, once something was proposed. */
export function printProposed({ id, hash, expires }: JsonObject): void {
  const [number, seen] = [text(id), text(hash)];
  print(`Proposed as ${number}, until ${text(expires)}.`);
  print(`Another person approves it: cordon proposals approve ${number} ${seen}`);
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '?';
}

/** A mistake of the person at the keyboard: shown without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
