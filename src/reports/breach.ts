import { type Cell, toCsv } from './csv.ts';
import {
  type NamedCount,
  type ReportSource,
  type Scope,
  type ScopeFilter,
  type SubjectCount,
} from './ports.ts';

/** What a notification under GDPR 33(3)(a) has to say: categories and numbers of subjects and of records. */
export interface BreachScope {
  readonly scope: Scope;
  /** Pseudonyms, most records first; who they are is read from their records. */
  readonly subjects: readonly SubjectCount[];
  /** There are more than are listed. */
  readonly subjectsCut: boolean;
}

/** By what the records are counted; a call may count under several of each. */
const NAMES = ['entity', 'sent', 'runner', 'purpose', 'model', 'rule', 'policy', 'region', 'outcome'];
const MAX_SUBJECTS = 10_000;

export async function breachScope(source: ReportSource, filter: ScopeFilter): Promise<BreachScope> {
  const scope = await source.scope(filter, NAMES);
  const subjects = await source.subjects(filter, MAX_SUBJECTS + 1);
  return {
    scope,
    subjects: subjects.slice(0, MAX_SUBJECTS),
    subjectsCut: subjects.length > MAX_SUBJECTS,
  };
}

/** Counts of one kind, without the kind: `PERSON` of `entity:PERSON`. */
export function countsOf(scope: Scope, name: string): readonly NamedCount[] {
  return scope.by
    .filter(({ tag }) => tag.startsWith(`${name}:`))
    .map((count) => ({ ...count, tag: count.tag.slice(name.length + 1) }));
}

/** One line a figure: what, which, records, subjects, first, last. */
export function breachCsv({ scope, subjects }: BreachScope): string {
  const rows: Cell[][] = [
    ['all', '', scope.records, scope.subjects, iso(scope.firstMs), iso(scope.lastMs)],
    ['erased', '', scope.erased, null, null, null],
    ['principals', '', scope.principals, null, null, null],
  ];
  for (const name of NAMES) {
    for (const { tag, records, subjects: persons } of countsOf(scope, name))
      rows.push([name, tag, records, persons, null, null]);
  }
  for (const { subject, records, firstMs, lastMs } of subjects)
    rows.push(['subject', subject, records, 1, iso(firstMs), iso(lastMs)]);
  return toCsv(['what', 'which', 'records', 'subjects', 'first', 'last'], rows);
}

export function iso(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
