import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Environment } from './environment.ts';
import { type ConfigProblem } from './problem.ts';

/** What settings are read from, and where to say what is wrong with them. */
export interface Sources {
  readonly env: Environment;
  readonly baseDirectory: string;
  readonly problems: ConfigProblem[];
}

export function readText(
  file: string,
  where: string,
  { baseDirectory, problems }: Sources,
): string | undefined {
  try {
    return readFileSync(path.resolve(baseDirectory, file), 'utf8');
  } catch {
    problems.push({ path: where, message: 'names a file that cannot be read' });
    return undefined;
  }
}
