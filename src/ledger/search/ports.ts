import { type FoundRow } from '../ports.ts';
import { type Token } from './tokens.ts';

/** Where a page ended: records are ordered by time and id, newest first. */
export interface Place {
  readonly atMs: number;
  readonly id: string;
}

/** What the index is asked. Every part narrows; nothing but the tenant is required. */
export interface FactFilter {
  readonly tenant: string;
  readonly types: readonly string[];
  /** Hex of 16 bytes, see Facts. */
  readonly subject?: string;
  readonly caller?: string;
  readonly tags: readonly string[];
  /** Of the record that ended the call. */
  readonly endTags: readonly string[];
  /** One token of each list. */
  readonly tokens: readonly (readonly Token[])[];
  /** Inclusive, milliseconds since the epoch. */
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
}

export interface Hit extends Place {
  readonly type: string;
}

/** The index with the reader's rights. */
export interface FactSource {
  /** Newest first, behind `after` where it is given. */
  find(filter: FactFilter, after: Place | undefined, limit: number): Promise<readonly Hit[]>;
  /** The records with these ids, without payloads, in no order. */
  records(ids: readonly string[]): Promise<readonly FoundRow[]>;
}
