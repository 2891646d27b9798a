import { z } from 'zod';
import { CordonError } from '../../domain/errors.ts';
import { type Principal } from '../../domain/principal.ts';
import { type Proposal, PROPOSAL_STATES, type Proposals } from '../../domain/proposal.ts';
import { type Route } from '../../http/route-table.ts';
import { type Permit } from '../permit.ts';
import { proposalJson } from '../proposal-json.ts';
import { adminRoute } from '../route.ts';

const TAG = 'Proposals';
const PAGE = 100;

/** What waits for a second person: listing, reading, approving and rejecting it. */
export function proposalRoutes(permit: Permit, proposals: Proposals): readonly Route[] {
  return [
    adminRoute(permit, {
      id: 'listProposals',
      method: 'GET',
      path: '/proposals',
      tag: TAG,
      summary: 'What was proposed, newest first',
      operation: 'proposals.read',
      query: z.strictObject({
        state: z.enum(PROPOSAL_STATES).optional(),
        kind: z.string().min(1).max(64).optional(),
        before: z.uuid().optional(),
      }),
      handle: async ({ principal, query: { state, kind, before } }) => {
        const found = await proposals.list(principal, { state, kind, beforeId: before }, PAGE);
        const next = found.length === PAGE ? (found.at(-1)?.id ?? null) : null;
        return { items: found.map(proposalJson), next };
      },
    }),
    adminRoute(permit, {
      id: 'getProposal',
      method: 'GET',
      path: '/proposals/{id}',
      tag: TAG,
      summary: 'One proposal: what is asked for, by whom, and what came of it',
      operation: 'proposals.read',
      handle: async ({ principal, parameters }) =>
        proposalJson(await findProposal(proposals, principal, parameters['id'])),
    }),
    adminRoute(permit, {
      id: 'approveProposal',
      method: 'POST',
      path: '/proposals/{id}/approve',
      tag: TAG,
      summary: 'Approves a proposal of another person, by its hash; it is done at once',
      operation: 'proposals.read',
      body: z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/, 'write the hash as it was shown') }),
      refusals: ['not_found', 'conflict', 'self_approval'],
      handle: async ({ principal, requestId, parameters, body: { hash } }) => {
        const proposal = await findProposal(proposals, principal, parameters['id']);
        await permit(principal, `${proposal.kind}.approve`, requestId);
        return proposalJson(await proposals.approve(principal, proposal.id, hash));
      },
    }),
    adminRoute(permit, {
      id: 'rejectProposal',
      method: 'POST',
      path: '/proposals/{id}/reject',
      tag: TAG,
      summary: 'Rejects a proposal, or takes back one of your own',
      operation: 'proposals.reject',
      body: z.strictObject({ reason: z.string().min(1).max(2_000) }),
      refusals: ['not_found', 'conflict'],
      handle: async ({ principal, requestId, parameters, body: { reason } }) => {
        const proposal = await findProposal(proposals, principal, parameters['id']);
        if (!isAuthor(principal, proposal)) await permit(principal, `${proposal.kind}.approve`, requestId);
        return proposalJson(await proposals.reject(principal, proposal.id, reason));
      },
    }),
  ];
}

function isAuthor({ issuer, subject }: Principal, { author }: Proposal): boolean {
  return author.issuer === issuer && author.subject === subject;
}

async function findProposal(
  proposals: Proposals,
  principal: Principal,
  id: string | undefined,
): Promise<Proposal> {
  const found = await proposals.find(principal, id ?? '');
  if (found === undefined) throw new CordonError('not_found', 'There is no such proposal.');
  return found;
}
