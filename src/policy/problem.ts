/** Where in a policy set something is wrong, as keys and indexes from its root. */
export type Path = readonly (string | number)[];

export interface Finding {
  readonly path: Path;
  /** Point at the key rather than at its value. */
  readonly at?: 'key';
  /** What is wrong and what to write instead; never quotes a value. */
  readonly message: string;
}

export type Report = (finding: Finding) => void;

/** A finding with its place in the file, as shown to the author. Lines and columns count from 1. */
export interface PolicyProblem {
  readonly source: string;
  readonly line: number;
  readonly column: number;
  /** `rules.3.effect`; a key the language does not know is shown as `?`, for it may be a secret in the wrong place. */
  readonly path: string;
  readonly message: string;
}

/** Finds the line and column of a finding in the file it came from. */
export type Locate = (finding: Finding) => PolicyProblem;

export function formatProblem({ source, line, column, path, message }: PolicyProblem): string {
  return `${source}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}
