import { type FrozenHead } from './bundle.ts';

/** An export as a table keeps it. `sealed` is ciphertext under the tenant's key. */
export interface ExportRow {
  readonly id: string;
  readonly tenant: string;
  readonly createdMs: number;
  readonly dek: string;
  readonly sealed: Buffer;
  readonly state: 'waiting' | 'done' | 'failed' | 'deleted';
  /** How often it was begun. */
  readonly attempts: number;
  /** Written so far. */
  readonly records: number;
  /** The machine the file lies on. */
  readonly host: string | undefined;
  readonly bytes: number | undefined;
  readonly sha256: Buffer | undefined;
  readonly doneMs: number | undefined;
  readonly expiresMs: number | undefined;
  readonly problem: string | undefined;
}

export type NewExport = Pick<ExportRow, 'id' | 'tenant' | 'createdMs' | 'dek' | 'sealed'>;

export interface ExportDone {
  readonly host: string;
  readonly records: number;
  readonly bytes: number;
  readonly sha256: Buffer;
  readonly doneMs: number;
  readonly expiresMs: number;
}

/** Work in hand. One process at a time owns an export; it says so again before `untilMs`, or another takes it up. */
export interface ExportStore {
  /** Does nothing when it is there already. */
  add(row: NewExport): Promise<void>;
  find(id: string): Promise<ExportRow | undefined>;
  /** Newest first. */
  list(tenant: string, beforeId: string | undefined, limit: number): Promise<readonly ExportRow[]>;
  /** The oldest one that nobody is at work on, for this owner from now on. */
  claim(owner: string, nowMs: number, untilMs: number): Promise<ExportRow | undefined>;
  /** False when it is not this owner's any more. */
  renew(id: string, owner: string, untilMs: number, records: number): Promise<boolean>;
  /** Gives it up until a moment, for whoever is first then. */
  release(id: string, owner: string, untilMs: number): Promise<void>;
  finish(id: string, owner: string, done: ExportDone): Promise<boolean>;
  fail(id: string, owner: string, problem: string): Promise<void>;
  /** Files on this machine whose time is up. */
  outdated(host: string, nowMs: number): Promise<readonly string[]>;
  deleted(id: string): Promise<void>;
  /** Where each chain ends now. */
  heads(): Promise<readonly FrozenHead[]>;
}
