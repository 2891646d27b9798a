import { type z } from 'zod';

/** One thing wrong with the configuration: where, and what to write instead. Never the value itself. */
export interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}

/** Thrown once, with every problem found. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(
      ['The configuration has problems:', ...problems.map((p) => `  ${p.path}: ${p.message}`)].join('\n'),
    );
    this.problems = problems;
  }
}

function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(top level)';
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}

/**
 * Zod's own text for `unrecognized_keys` and `invalid_value` echoes what was written, which may be a secret pasted in
 * the wrong place; these are rephrased.
 */
export function toProblem(issue: z.core.$ZodIssue): ConfigProblem {
  const path = formatPath(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return {
        path,
        message: `has ${issue.keys.length} unknown key(s); see README.md and docs/ for the keys of this section`,
      };
    case 'invalid_type':
      return { path, message: `must be of type ${issue.expected}` };
    case 'invalid_value':
      return { path, message: `must be one of: ${issue.values.map(String).join(', ')}` };
    default:
      return { path, message: issue.message };
  }
}
