import { z } from 'zod';
import { CordonError } from '../../domain/errors.ts';
import { type Principal } from '../../domain/principal.ts';
import { type Proposals } from '../../domain/proposal.ts';
import { type Route } from '../../http/route-table.ts';
import { type NamedProof } from '../../ledger/tree/prove.ts';
import { REVEAL_KIND, REVEALABLE, type Reveals } from '../../ledger/reveal.ts';
import { type Permit } from '../permit.ts';
import { proposalJson } from '../proposal-json.ts';
import { adminRoute } from '../route.ts';

const TAG = 'Single calls';

export interface RevealRouteOptions {
  readonly proposals: Proposals;
  readonly reveals: Reveals;
  /** Proofs of what is recorded of a request in the person's tenant. */
  readonly prove: (principal: Principal, requestId: string) => Promise<readonly NamedProof[]>;
}

/** One call: its proofs, and parts of it in clear for a person whom another one allowed to see them. */
export function revealRoutes(
  permit: Permit,
  { proposals, reveals, prove }: RevealRouteOptions,
): readonly Route[] {
  return [
    adminRoute(permit, {
      id: 'requestReveal',
      method: 'POST',
      path: '/audit/reveals',
      tag: TAG,
      summary: 'Asks to see parts of one call in clear; another person approves it under /proposals',
      operation: 'audit.reveal',
      body: z.strictObject({
        requestId: z.uuid().toLowerCase(),
        fields: z.array(z.enum(REVEALABLE)).min(1).max(REVEALABLE.length),
        purpose: z.string().trim().min(1).max(2_000),
        ticket: z.string().trim().min(1).max(200),
        minutes: z.int().min(1).default(30),
      }),
      refusals: ['not_found'],
      handle: async ({ principal, body }) => {
        const asked = await reveals.request(principal, body);
        return proposalJson(await proposals.propose(principal, REVEAL_KIND, asked));
      },
    }),
    adminRoute(permit, {
      id: 'showReveal',
      method: 'GET',
      path: '/audit/reveals/{id}',
      tag: TAG,
      summary: 'What was approved to be seen, for as long as it was; each reading is recorded',
      operation: 'audit.reveal',
      refusals: ['not_found', 'conflict'],
      handle: ({ principal, parameters }) => reveals.show(principal, parameters['id'] ?? ''),
    }),
    adminRoute(permit, {
      id: 'proveRequest',
      method: 'GET',
      path: '/audit/proofs/{id}',
      tag: TAG,
      summary: 'C2SP tlog-proofs of what is recorded of a request; they hold no payload',
      operation: 'audit.prove',
      refusals: ['not_found'],
      handle: async ({ principal, parameters }) => {
        const proofs = await prove(principal, parameters['id'] ?? '');
        if (proofs.length === 0) throw new CordonError('not_found', 'There is no record of this request.');
        return {
          items: proofs.map(({ type, chain, seq, signedNow, text }) => ({
            type,
            chain,
            seq,
            signedNow,
            text,
          })),
        };
      },
    }),
  ];
}
