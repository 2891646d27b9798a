import { type JsonObject } from '../domain/json.ts';
import { type FollowerStatus } from '../policy/lifecycle/follower.ts';
import { type VersionOverview } from '../policy/lifecycle/overview.ts';
import {
  type Activation,
  type ExceptionEntry,
  type InForce,
  type Receipt,
  type Simulated,
} from '../policy/lifecycle/ports.ts';

/** What the policy room knows, as the API tells it: times as people read them. */

export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

export function inForceJson({ number, base, hash, sinceMs }: InForce): JsonObject {
  return { number, version: base, policy: hash, since: timeOf(sinceMs) };
}

export function hereJson({ number, hash, enforcedSinceMs, fresh }: FollowerStatus): JsonObject {
  return { number, policy: hash, since: timeOf(enforcedSinceMs), confirmed: fresh };
}

export function versionJson(version: VersionOverview): JsonObject {
  const { hash, name, state, author, note, ticket, createdMs, activations } = version;
  return {
    ...{ version: hash, name, state, note, ticket },
    author: author === undefined ? null : { ...author },
    submitted: timeOf(createdMs),
    activations: activations.map(activationJson),
  };
}

export function activationJson(activation: Activation): JsonObject {
  const { id, kind, hash, proposer, approver, approvedMs, fromMs, untilMs, withdrawnMs } = activation;
  return {
    ...{ id, kind, version: hash },
    proposer: proposer === undefined ? null : { ...proposer },
    approver: approver === undefined ? null : { ...approver },
    approved: timeOf(approvedMs),
    from: timeOf(fromMs),
    until: untilMs === undefined ? null : timeOf(untilMs),
    ...(withdrawnMs === undefined ? {} : { withdrawn: timeOf(withdrawnMs) }),
  };
}

export function exceptionJson(entry: ExceptionEntry, nowMs: number): JsonObject {
  const { hash, exception, author, approver, note, ticket, fromMs, untilMs, endedMs, review } = entry;
  const { kind, id, ...rest } = exception;
  const named = Object.fromEntries(
    Object.entries(rest).filter(([name, value]) => value !== undefined && name !== 'digest'),
  );
  return {
    ...{ exception: hash, kind, rule: id, note, ticket },
    ...named,
    author: { ...author },
    ...(approver === undefined ? {} : { approver: { ...approver } }),
    from: timeOf(fromMs),
    until: timeOf(endedMs ?? untilMs),
    in_force: (endedMs ?? untilMs) > nowMs,
    ...(kind === 'false_positive' ? {} : { review: reviewOf(review) }),
  };
}

/** `outstanding` until another person has looked. */
function reviewOf(review: ExceptionEntry['review']): JsonObject | 'outstanding' {
  if (review === undefined) return 'outstanding';
  const { by, verdict, note, atMs } = review;
  return { by: { ...by }, verdict, note, at: timeOf(atMs) };
}

/** A process is `live` as long as its last sign of life is younger than that. */
const LIVE_MS = 30_000;

export function receiptJson({ instance, number, hash, sinceMs, seenMs }: Receipt, nowMs: number): JsonObject {
  return {
    ...{ instance, number, policy: hash },
    since: timeOf(sinceMs),
    seen: timeOf(seenMs),
    live: nowMs - seenMs < LIVE_MS,
  };
}

export function simulatedJson({ hash, by, atMs, summary }: Simulated): JsonObject {
  return { version: hash, by: { ...by }, at: timeOf(atMs), summary };
}
