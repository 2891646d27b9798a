import { type JsonObject } from '../domain/json.ts';
import { type Proposal } from '../domain/proposal.ts';

/** A proposal as the API tells it. */
export function proposalJson(proposal: Proposal): JsonObject {
  const { id, kind, tenant, author, body, hash, createdMs, expiresMs, state } = proposal;
  const { decider, decidedMs, reason, result } = proposal;
  return {
    ...{ id, kind, tenant, state, hash, body },
    author: { ...author },
    created: new Date(createdMs).toISOString(),
    expires: new Date(expiresMs).toISOString(),
    ...(decider === undefined ? {} : { decider: { ...decider } }),
    ...(decidedMs === undefined ? {} : { decided: new Date(decidedMs).toISOString() }),
    ...(reason === undefined ? {} : { reason }),
    ...(result === undefined ? {} : { result }),
  };
}
