import { createHash } from 'node:crypto';
import { type Deks } from '../crypto/deks.ts';
import { additionalData, open, seal } from '../crypto/envelope.ts';
import { canonicalize } from '../crypto/jcs.ts';
import { CordonError } from '../domain/errors.ts';
import { type JsonObject } from '../domain/json.ts';
import { type Person, type Proposal } from '../domain/proposal.ts';
import { periodOf } from '../ledger/draft.ts';
import { type ProposalRow } from './proposal-store.ts';

/** What is asked for and by whom, as it is sealed. */
export interface ProposalRequest {
  readonly author: Person;
  readonly body: JsonObject;
  readonly nonce: string;
}

export interface ProposalDecision {
  readonly decider: Person;
  readonly reason?: string;
}

type SealedPart = 'sealed' | 'decision' | 'result';
type Place = Pick<ProposalRow, 'id' | 'tenant' | 'dek'>;

/** Proposals as the table holds them: sealed under a key of the tenant, each part bound to its place. */
export interface ProposalVault {
  /** The key that what is asked for at that time is sealed under. */
  keyFor(tenant: string, atMs: number): Promise<string>;
  seal(row: Place, part: SealedPart, value: object): Promise<Buffer>;
  /** Throws when a row is not what was stored, or its key is gone. */
  open(row: ProposalRow, nowMs: number): Promise<Proposal>;
}

/** `available`: what is said when the database does not answer. */
export function createProposalVault(deps: {
  readonly deks: Deks;
  readonly origin: string;
  readonly available: <T>(work: Promise<T>) => Promise<T>;
}): ProposalVault {
  const { deks, origin, available } = deps;

  const contextOf = ({ id, tenant, dek }: Place, part: SealedPart): Buffer =>
    additionalData({ schema: 'cordon.proposal.v1', origin, record: id, tenant, field: part, dek });

  const keyOf = async ({ dek }: Place): Promise<Parameters<typeof open>[1]> => {
    const found = await available(deks.forOpening(dek));
    if (found === undefined) throw new CordonError('internal_error', 'The key of a proposal is gone.');
    return found.key;
  };

  /** What this process sealed under a key that authenticates it has the shape it was given. */
  const unseal = async <T>(row: ProposalRow, part: SealedPart): Promise<T | undefined> => {
    const bytes = row[part];
    if (bytes === undefined) return undefined;
    return JSON.parse(open(bytes, await keyOf(row), contextOf(row, part)).toString('utf8')) as T;
  };

  return {
    async keyFor(tenant, atMs) {
      const reference = Buffer.alloc(0);
      return (await deks.forSealing({ kind: 'tenant', tenant, reference, period: periodOf(atMs) })).id;
    },
    async seal(row, part, value) {
      const text = Buffer.from(JSON.stringify(value), 'utf8');
      return (await seal(text, await keyOf(row), contextOf(row, part))).bytes;
    },
    async open(row, nowMs) {
      const { id, kind, tenant, createdMs, expiresMs, decidedMs, hash } = row;
      const request = await unseal<ProposalRequest>(row, 'sealed');
      if (request === undefined || !proposalHash(row, request).equals(hash)) {
        throw new CordonError('internal_error', 'A proposal is not what was stored.', { detail: 'proposal' });
      }
      const decision = await unseal<ProposalDecision>(row, 'decision');
      return {
        ...{ id, kind, tenant, createdMs, expiresMs, decidedMs },
        author: request.author,
        body: request.body,
        nonce: request.nonce,
        hash: hash.toString('hex'),
        state: stateOf(row, nowMs),
        decider: decision?.decider,
        reason: decision?.reason,
        result: await unseal<JsonObject>(row, 'result'),
      };
    },
  };
}

/** SHA-256 over what is asked for: what an approval names. */
export function proposalHash(
  head: { readonly kind: string; readonly tenant: string },
  { body, nonce }: Pick<ProposalRequest, 'body' | 'nonce'>,
): Buffer {
  const text = canonicalize({ body, kind: head.kind, nonce, tenant: head.tenant });
  return createHash('sha256').update(text).digest();
}

export function stateOf({ state, expiresMs }: ProposalRow, nowMs: number): Proposal['state'] {
  return state === 'pending' && expiresMs <= nowMs ? 'expired' : state;
}
