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

/** A mistake of the person at the keyboard: shown without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
