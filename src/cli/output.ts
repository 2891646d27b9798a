import { type Json, type JsonObject } from '../domain/json.ts';

/** What a command prints, and how it ends. Results go to standard output, everything else to standard error. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

export function printError(text: string): void {
  process.stderr.write(`${text}\n`);
}

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
