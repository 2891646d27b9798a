import { type FactFilter } from '../ledger/search/ports.ts';

/** Which calls a report is about: what a search can ask for, and what only a report does. */
export interface ScopeFilter extends FactFilter {
  /** Calls that went to this runner, or may have: a call that says where else it went is not counted. */
  readonly reached?: string;
  /** Calls with a payload that was sealed with one of these data keys (UUIDs). */
  readonly deks?: readonly string[];
}

/** `subjects`: distinct pseudonyms; those erased since are not told apart any more. */
export interface Count {
  readonly records: number;
  readonly subjects: number;
}

export interface NamedCount extends Count {
  /** As a tag: `entity:PERSON`, `sent:openai`. */
  readonly tag: string;
}

export interface Scope extends Count {
  /** Records whose data subject was erased. */
  readonly erased: number;
  readonly principals: number;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  /** Of the names asked for, most records first. */
  readonly by: readonly NamedCount[];
}

export interface SubjectCount {
  /** Hex of 16 bytes: the beginning of the pseudonym in the headers. */
  readonly subject: string;
  readonly records: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface DisclosureCount extends Count {
  /** `YYYY-MM`, UTC. */
  readonly month: string;
  readonly entity: string;
  readonly handling: string;
  readonly purpose: string | undefined;
  readonly runner: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Counting over the index, with the reader's rights. */
export interface ReportSource {
  /** `names`: of the tags to count by. */
  scope(filter: ScopeFilter, names: readonly string[]): Promise<Scope>;
  /** Most records first. */
  subjects(filter: ScopeFilter, limit: number): Promise<readonly SubjectCount[]>;
  /** What was sent where, by month. `limit` lines at most. */
  disclosures(filter: ScopeFilter, limit: number): Promise<readonly DisclosureCount[]>;
  /** Data keys that a key encryption key wraps now. */
  deksUnder(kek: string, tenant: string, limit: number): Promise<readonly string[]>;
}
