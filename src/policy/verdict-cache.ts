import { LRUCache } from 'lru-cache';
import { type AdmitInput, type Destination, type Verdict } from '../domain/policy.ts';
import { type Principal } from '../domain/principal.ts';

/** Verdicts by every input of a decision but the time. Belongs to one snapshot and dies with it. */
export interface VerdictCache {
  /** Of a principal and a destination that are frozen: nobody needs to look at them again. */
  known(input: AdmitInput): Verdict | undefined;
  /** Of any, which must have been checked (parseFacts): what is no string may be spelt like one. */
  place(input: AdmitInput): VerdictPlace;
}

/** Where one verdict is kept. */
export interface VerdictPlace {
  readonly verdict: Verdict | undefined;
  keep(verdict: Verdict): void;
}

const MAX_CACHED = 10_000;
const MAX_KEY_CHARS = 4096;
/** Of one principal at one destination: models, operations and purposes of a caller are few. */
const MAX_CALLS = 256;
/** Runners are few too, and frozen once and for all by the configuration. */
const MAX_DESTINATIONS = 64;

/** A caller's verdicts at one destination. A list of a few is found through faster than another weak map. */
interface Visited {
  readonly destination: Destination;
  readonly calls: Map<string, Verdict>;
}

/**
 * A principal and a destination that are frozen stand for themselves, and a lookup costs no more than the three or four
 * strings of the call. Any others are spelt out: JSON keeps `["a,b"]` and `["a","b"]` apart.
 */
export function createVerdictCache(): VerdictCache {
  const spelt = new LRUCache<string, Verdict>({ max: MAX_CACHED });
  const byPrincipal = new WeakMap<Principal, Visited[]>();

  const keepFrozen = (input: AdmitInput, verdict: Verdict): void => {
    const { principal, destination } = input;
    const key = callKey(input);
    if (key.length > MAX_KEY_CHARS) return;
    const visited = byPrincipal.get(principal);
    const here = visited?.find((one) => one.destination === destination);
    if (here === undefined) {
      const one = { destination, calls: new Map([[key, verdict]]) };
      if (visited === undefined || visited.length >= MAX_DESTINATIONS) byPrincipal.set(principal, [one]);
      else visited.push(one);
      return;
    }
    if (here.calls.size >= MAX_CALLS) here.calls.clear();
    here.calls.set(key, verdict);
  };

  return {
    known(input) {
      const visited = byPrincipal.get(input.principal);
      if (visited === undefined) return undefined;
      for (const { destination, calls } of visited)
        if (destination === input.destination) return calls.get(callKey(input));
      return undefined;
    },
    place(input) {
      if (isFrozen(input)) {
        return {
          verdict: undefined,
          keep: (verdict) => {
            keepFrozen(input, verdict);
          },
        };
      }
      const key = speltKey(input);
      return {
        verdict: spelt.get(key),
        keep: (verdict) => {
          if (key.length <= MAX_KEY_CHARS) spelt.set(key, verdict);
        },
      };
    },
  };
}

/** All the way down, or what it stands for could change under the cache. */
function isFrozen({ principal, destination }: AdmitInput): boolean {
  return (
    Object.isFrozen(principal) &&
    Object.isFrozen(principal.roles) &&
    Object.isFrozen(principal.groups) &&
    Object.isFrozen(principal.purposes) &&
    Object.isFrozen(destination) &&
    (destination.processor === undefined || isFrozenWhole(destination.processor))
  );
}

function isFrozenWhole(value: object): boolean {
  return (
    Object.isFrozen(value) &&
    Object.values(value).every((part) => typeof part !== 'object' || part === null || Object.isFrozen(part))
  );
}

/** Lengths keep the parts apart. Throws a TypeError on what is no string: `1` must not find what `'1'` was told. */
function callKey({ operation, model, purpose, subjectRegion, nowMs }: AdmitInput): string {
  if (!Number.isFinite(nowMs)) throw new TypeError('nowMs must be milliseconds since the epoch');
  if (typeof operation !== 'string' || typeof model !== 'string')
    throw new TypeError('operation and model must be strings');
  const place = subjectRegion === undefined ? '' : part(subjectRegion);
  const aim = purpose === undefined ? '' : part(purpose);
  return `${operation.length},${model.length}:${operation}${model}${aim === '' ? '-' : `p${aim}`}${place === '' ? '-' : `r${place}`}`;
}

function part(text: unknown): string {
  if (typeof text !== 'string') throw new TypeError('purpose and subject region must be strings');
  return `${text.length}:${text}`;
}

function speltKey(input: AdmitInput): string {
  const { principal, operation, model, destination, purpose, subjectRegion } = input;
  const { tenant, subject, issuer, client, roles, groups, purposes } = principal;
  const { runner, trust, region, processor } = destination;
  return JSON.stringify([
    ...[tenant, subject, issuer, client ?? null, roles, groups, purposes],
    ...[operation, model, runner, trust, region, purpose ?? null, subjectRegion ?? null, processor ?? null],
  ]);
}
