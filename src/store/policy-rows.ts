import { type Json, type JsonObject } from '../domain/json.ts';
import { type Person } from '../domain/proposal.ts';
import { sha256Hex } from '../policy/lifecycle/bundle.ts';
import { decodeException, type StoredException } from '../policy/lifecycle/exception.ts';
import {
  type Activation,
  type ExceptionEntry,
  type InForce,
  type Receipt,
  type Review,
  type Simulated,
  type Version,
} from '../policy/lifecycle/ports.ts';
import { bytes, integer, optionalBytes, text } from './columns.ts';
import { authorship, type PolicyVault } from './policy-vault.ts';
import { type Row } from './session.ts';

/** Rows → what the policy room speaks of. Whatever is sealed is opened; where its key is gone, nobody is named. */

type Vault = Pick<PolicyVault, 'open' | 'isProven'>;
const NOBODY: Person = { issuer: '', subject: '' };

export function toInForce(row: Row): InForce {
  return {
    number: integer(row, 'number'),
    activation: text(row, 'activation'),
    base: text(row, 'base'),
    hash: text(row, 'hash'),
    sinceMs: integer(row, 'since_ms'),
  };
}

export async function toVersion(row: Row, vault: Vault): Promise<Version> {
  const hash = text(row, 'hash');
  const said = await opened(row, `version/${hash}`, vault);
  const [author, proof] = [optionalBytes(row, 'written_by'), optionalBytes(row, 'proof')];
  return {
    hash,
    isProven:
      author === undefined || (proof !== undefined && vault.isProven(authorship(hash, author), proof)),
    name: text(row, 'name'),
    author: personOf(said['by']),
    note: textOf(said['note']),
    ticket: textOf(said['ticket']),
    createdMs: integer(row, 'created_ms'),
  };
}

export async function toActivation(row: Row, vault: Vault): Promise<Activation> {
  const id = text(row, 'id');
  const said = await opened(row, `activation/${id}`, vault);
  return {
    id,
    kind: oneOf(['import', 'activate', 'rollback'], text(row, 'kind')),
    hash: text(row, 'hash'),
    proposer: personOf(said['proposer']),
    approver: personOf(said['approver']),
    approvedMs: integer(row, 'approved_ms'),
    fromMs: integer(row, 'from_ms'),
    untilMs: optionalInteger(row, 'until_ms'),
    withdrawnMs: optionalInteger(row, 'withdrawn_ms'),
  };
}

/** Throws when Cordon did not make it: what stands in the table alone is enforced by nobody. */
export function toStoredException(row: Row, vault: Pick<Vault, 'isProven'>): StoredException {
  const content = text(row, 'content');
  const hash = sha256Hex(content);
  if (!vault.isProven(['exception', hash], bytes(row, 'proof'))) {
    throw new RangeError('an exception to the policy was not made by Cordon');
  }
  const exception = decodeException(content);
  return { hash, exception, fromMs: integer(row, 'from_ms'), untilMs: integer(row, 'until_ms') };
}

export async function toException(row: Row, vault: Vault): Promise<ExceptionEntry> {
  const stored = toStoredException(row, vault);
  const said = await opened(row, `exception/${stored.hash}`, vault);
  return {
    ...stored,
    author: personOf(said['by']) ?? NOBODY,
    approver: personOf(said['approver']),
    note: textOf(said['note']),
    ticket: textOf(said['ticket']),
    endedMs: optionalInteger(row, 'ended_ms'),
    review: await toReview(row, stored.hash, vault),
  };
}

async function toReview(row: Row, hash: string, vault: Vault): Promise<Review | undefined> {
  if (row['verdict'] === null) return undefined;
  const columns = { dek: row['review_dek'], sealed: row['review_sealed'] };
  const said = await opened(columns, `review/${hash}`, vault);
  return {
    by: personOf(said['by']) ?? NOBODY,
    verdict: oneOf(['upheld', 'objected'], text(row, 'verdict')),
    note: textOf(said['note']),
    atMs: integer(row, 'review_ms'),
  };
}

export async function toSimulated(row: Row, vault: Vault): Promise<Simulated> {
  const said = await opened(row, `simulation/${text(row, 'id')}`, vault);
  return {
    hash: text(row, 'hash'),
    by: personOf(said['by']) ?? NOBODY,
    atMs: integer(row, 'at_ms'),
    summary: JSON.parse(text(row, 'summary')) as Json,
  };
}

export function toReceipt(row: Row): Receipt {
  return {
    instance: text(row, 'instance'),
    number: integer(row, 'number'),
    hash: text(row, 'hash'),
    sinceMs: integer(row, 'since_ms'),
    seenMs: integer(row, 'seen_ms'),
  };
}

async function opened(row: Row, record: string, vault: Pick<Vault, 'open'>): Promise<JsonObject> {
  const sealed = optionalBytes(row, 'sealed');
  if (sealed === undefined) return {};
  return (await vault.open(record, text(row, 'dek'), sealed)) ?? {};
}

function personOf(value: Json | undefined): Person | undefined {
  if (typeof value !== 'object' || value === null || !('subject' in value)) return undefined;
  return { issuer: textOf(value['issuer']), subject: textOf(value['subject']) };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null || row[column] === undefined ? undefined : integer(row, column);
}

function oneOf<T extends string>(allowed: readonly T[], value: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new TypeError('a column holds what no code knows');
  return found;
}
