import { decodeException } from '../policy/lifecycle/exception.ts';
import {
  type Activation,
  type ExceptionEntry,
  type InForce,
  type Person,
  type Receipt,
  type VersionHead,
} from '../policy/lifecycle/ports.ts';
import { integer, text } from './columns.ts';
import { type Row } from './session.ts';

export function toInForce(row: Row): InForce {
  return {
    number: integer(row, 'number'),
    activation: text(row, 'activation'),
    base: text(row, 'base'),
    hash: text(row, 'hash'),
    sinceMs: integer(row, 'since_ms'),
  };
}

export function toVersion(row: Row): VersionHead {
  return {
    hash: text(row, 'hash'),
    name: text(row, 'name'),
    author: person(row, 'author'),
    note: text(row, 'note'),
    ticket: text(row, 'ticket'),
    createdMs: integer(row, 'created_ms'),
  };
}

export function toActivation(row: Row): Activation {
  return {
    id: text(row, 'id'),
    kind: oneOf(['import', 'activate', 'rollback'], text(row, 'kind')),
    hash: text(row, 'hash'),
    proposer: person(row, 'proposer'),
    approver: person(row, 'approver'),
    approvedMs: integer(row, 'approved_ms'),
    fromMs: integer(row, 'from_ms'),
    untilMs: optionalInteger(row, 'until_ms'),
    withdrawnMs: optionalInteger(row, 'withdrawn_ms'),
  };
}

export function toException(row: Row): ExceptionEntry {
  const exception = decodeException(text(row, 'content'));
  const by = person(row, 'review');
  return {
    hash: text(row, 'hash'),
    exception,
    kind: exception.kind,
    fromMs: integer(row, 'from_ms'),
    untilMs: integer(row, 'until_ms'),
    author: person(row, 'author') ?? { issuer: '', subject: '' },
    approver: person(row, 'approver'),
    note: text(row, 'note'),
    ticket: text(row, 'ticket'),
    endedMs: optionalInteger(row, 'ended_ms'),
    review: by && {
      by,
      verdict: oneOf(['upheld', 'objected'], text(row, 'verdict')),
      note: text(row, 'review_note'),
      atMs: integer(row, 'review_ms'),
    },
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

/** Nobody, where the columns are null or empty. */
function person(row: Row, role: 'author' | 'proposer' | 'approver' | 'review'): Person | undefined {
  const subject = row[`${role}_subject`];
  if (typeof subject !== 'string' || subject === '') return undefined;
  return { issuer: text(row, `${role}_issuer`), subject };
}

function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null || row[column] === undefined ? undefined : integer(row, column);
}

function oneOf<T extends string>(allowed: readonly T[], value: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new TypeError('a column holds what no code knows');
  return found;
}
