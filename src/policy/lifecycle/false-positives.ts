import { CordonError } from '../../domain/errors.ts';
import { type Json, type JsonObject } from '../../domain/json.ts';
import { type Principal } from '../../domain/principal.ts';
import { type Executor, type Proposal, type Proposals } from '../../domain/proposal.ts';
import { sha256Hex } from './bundle.ts';
import { type DeskDeps, recorder, refusable } from './desk.ts';
import { decodeException, encodeException, type Exception } from './exception.ts';
import { type ValueDigest } from './in-force.ts';

/** A span of a recorded call, with what stood there where the record can tell. */
export interface DisputedSpan {
  readonly entity: string;
  /** UTF-16 units. */
  readonly length: number;
  readonly recognizer: string;
  /** Originals that may have stood there; empty when the record holds none (masked, hashed, blocked or erased). */
  readonly candidates: readonly string[];
}

export interface Dispute {
  readonly request: string;
  /** Which span of the call, in the order in which the record names them, from 0. */
  readonly span: number;
  /** What stood there, where the record cannot tell; it is hashed and written nowhere. */
  readonly value?: string | undefined;
  readonly days: number;
  readonly note: string;
}

export interface FalsePositiveDesk {
  dispute(proposals: Proposals, principal: Principal, dispute: Dispute): Promise<Proposal>;
  readonly execute: Executor;
}

const DAY_MS = 86_400_000;

export function createFalsePositiveDesk(
  deps: DeskDeps & {
    readonly digest: ValueDigest;
    /** Undefined when the call of this tenant has no such span. The look into the record is recorded first. */
    readonly findSpan: (
      principal: Principal,
      request: string,
      span: number,
    ) => Promise<DisputedSpan | undefined>;
    /** What the operator's own list denies is found whatever anybody agrees on. */
    readonly isUndisputable: (recognizer: string) => boolean;
  },
): FalsePositiveDesk {
  const { store, createId, changed, digest } = deps;
  const note = recorder(deps);
  return {
    async dispute(proposals, principal, { request, span, value, days, note: why }) {
      const found = await deps.findSpan(principal, request, span);
      if (found === undefined) {
        throw new CordonError(
          'not_found',
          'This call has no such span; cordon audit show lists them, from 0.',
        );
      }
      if (deps.isUndisputable(found.recognizer)) {
        throw new CordonError('conflict', "The operator's deny list names this text: take it off that list.");
      }
      const { tenant } = principal;
      const disputed = valueOf(found, value);
      const exception: Exception = {
        ...{ kind: 'false_positive', tenant, entity: found.entity },
        id: `false-positive.${createId()}`,
        digest: digest(tenant, found.entity, disputed),
      };
      return proposals.propose(principal, 'policy.false-positive', {
        exception: { ...exception },
        ...{ request, span, note: why },
        lasts_ms: days * DAY_MS,
        // An approver who reads `false` has only the author's word for what stood there.
        in_record: found.candidates.includes(disputed),
      });
    },
    async execute(proposal) {
      const { body, decider, tenant, author, id } = proposal;
      if (decider === undefined) throw new TypeError('a proposal is executed that nobody approved');
      const exception = decodeException(JSON.stringify(objectOf(body['exception'])));
      const hash = sha256Hex(encodeException(exception));
      const entity = exception.kind === 'false_positive' ? exception.entity : '';
      const { request = '', note: why = '' } = body;
      await note(
        { tenant, ...decider },
        'FALSE_POSITIVE',
        {
          ...{ exception: hash, rule: exception.id, entity, request, proposal: id },
          proposer: deps.pseudonym({ tenant, ...author }),
        },
        { note: why },
      );
      const untilMs = await refusable(store.agree(proposal, exception));
      await changed();
      return { exception: hash, rule: exception.id, until: new Date(untilMs).toISOString() };
    },
  };
}

function valueOf({ length, candidates }: DisputedSpan, given: string | undefined): string {
  if (given !== undefined) {
    const known = candidates.length === 0 ? given.length === length : candidates.includes(given);
    if (known && !/\p{Surrogate}/u.test(given)) return given;
    throw new CordonError('invalid_request', 'That is not what stood there.', { param: '/value' });
  }
  const [only, ...others] = new Set(candidates);
  if (only !== undefined && others.length === 0) return only;
  const message =
    only === undefined
      ? 'The record does not hold what stood there; give the value too (it is hashed and not kept).'
      : 'Several values of this call may be meant; give the one you mean (it is hashed and not kept).';
  throw new CordonError('invalid_request', message, { param: '/value' });
}

function objectOf(value: Json | undefined): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new TypeError('a proposal has another body than was proposed');
}
