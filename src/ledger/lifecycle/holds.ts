import { type Keyring, personReference } from '../../crypto/keyring.ts';
import { CordonError } from '../../domain/errors.ts';
import { type JsonObject } from '../../domain/json.ts';
import { type Ledger } from '../../domain/record.ts';
import { type Hold, type HoldStore, type ListedHold, type Undertakings } from './ports.ts';
import {
  ABANDONED_MS,
  type Actor,
  actorReference,
  available,
  checkPerson,
  checkReason,
  noteOnce,
} from './undertaking.ts';

export interface HoldDeps {
  readonly store: HoldStore;
  readonly undertakings: Undertakings;
  readonly ledger: Pick<Ledger, 'note'>;
  readonly keyring: Keyring;
  readonly now: () => number;
  readonly createId: () => string;
}

/** A hold as a person asks for it. Without persons it covers the whole tenant. */
export interface HoldRequest {
  readonly tenant: string;
  /** Counsel's own name of the case: letters, digits, . _ / - (at most 64); no personal data. */
  readonly matter: string;
  /** As calls name them: a token's subject, or the Cordon-Data-Subject header. */
  readonly dataSubjects: readonly string[];
  readonly principals: readonly string[];
  /** Inclusive, milliseconds since the epoch. */
  readonly fromMs: number | undefined;
  /** Exclusive. */
  readonly toMs: number | undefined;
  readonly reason: string;
}

/** A release that two persons want: `by` proposed it, `approvedBy` approved it. */
export interface HoldRelease {
  /** UUID of the proposal; executing one twice releases once. */
  readonly id: string;
  readonly tenant: string;
  readonly hold: string;
  readonly by: Actor;
  readonly approvedBy: Actor;
  readonly reason: string;
}

/**
 * Legal holds. One in force blocks the erasure of the persons it covers, and the dropping of every month that has a
 * record of theirs; the database itself sees to that (migrations/000006_holds.sql).
 */
export interface Holds {
  /** In force and recorded once it resolves. When it rejects, it may be in force all the same: `list` tells. */
  place(actor: Actor, request: HoldRequest): Promise<ListedHold>;
  /** Throws unless there is such a hold in force. For whoever proposes a release. */
  check(tenant: string, hold: string): Promise<ListedHold>;
  /** Recorded before it takes effect. */
  release(release: HoldRelease): Promise<ListedHold>;
  list(tenant: string | undefined): Promise<readonly ListedHold[]>;
  /** Records the holds that a crash left in force and unrecorded; returns how many. */
  resume(): Promise<number>;
}

const MATTER = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_PERSONS = 1_000;
const MAX_TIME_MS = 253_402_300_799_999;

export function createHolds(deps: HoldDeps): Holds {
  const { store, undertakings, ledger } = deps;

  async function find(tenant: string, id: string): Promise<ListedHold> {
    const hold = UUID.test(id) ? await store.find(id) : undefined;
    if (hold?.tenant !== tenant) {
      throw new CordonError(
        'not_found',
        'There is no such hold. `cordon audit hold list` shows those there are.',
      );
    }
    return hold;
  }

  return {
    place: (actor, request) =>
      available(async () => {
        checkRequest(request);
        checkReason(request.reason);
        const hold = toHold(deps, actor, request);
        await store.place(hold);
        const { issuer, subject } = actor;
        await ledger.note({
          ...placed(hold),
          details: { reason: request.reason, actor: { issuer, subject } },
        });
        await undertakings.end(hold.id);
        return { ...hold, releasedMs: undefined };
      }),
    check: (tenant, id) =>
      available(async () => {
        const hold = await find(tenant, id);
        if (hold.releasedMs === undefined) return hold;
        throw new CordonError('conflict', 'This hold was released already.');
      }),
    release: (release) =>
      available(async () => {
        const { id, tenant, by, approvedBy } = release;
        const hold = await find(tenant, release.hold);
        if (hold.releasedMs !== undefined) return hold;
        const [proposer, approver] = [by, approvedBy].map((actor) =>
          actorReference(deps.keyring, actor).toString('hex'),
        );
        if (proposer === undefined || approver === undefined || proposer === approver) {
          throw new CordonError('no_matching_allow', 'A hold is released by two persons.');
        }
        await noteOnce(deps, {
          id,
          type: 'HOLD_RELEASED',
          atMs: deps.now(),
          tenant,
          data: { hold: hold.id, matter: hold.matter, by: proposer, approvedBy: approver },
          details: {
            reason: release.reason,
            by: { issuer: by.issuer, subject: by.subject },
            approvedBy: { issuer: approvedBy.issuer, subject: approvedBy.subject },
          },
        });
        await store.release(id);
        return find(tenant, hold.id);
      }),
    list: (tenant) => available(() => store.list(tenant)),
    async resume() {
      const left = await undertakings.unfinished('hold', deps.now() - ABANDONED_MS);
      for (const id of left) {
        const hold = await store.find(id);
        // The reason is not known any more: it is nowhere but in the record.
        if (hold !== undefined) await noteOnce(deps, placed(hold, { resumed: true }));
        await undertakings.end(id);
      }
      return left.length;
    },
  };
}

function checkRequest({ matter, tenant, dataSubjects, principals, fromMs, toMs }: HoldRequest): void {
  if (!MATTER.test(matter)) {
    throw new CordonError(
      'invalid_request',
      'Name the matter with letters, digits and . _ / - (at most 64).',
      {
        param: '/matter',
      },
    );
  }
  if (tenant === '') throw new CordonError('invalid_request', 'Name the tenant.', { param: '/tenant' });
  if (dataSubjects.length + principals.length > MAX_PERSONS) {
    throw new CordonError('invalid_request', `A hold names at most ${MAX_PERSONS} persons; place several.`);
  }
  for (const person of dataSubjects) checkPerson(person, '/data_subjects');
  for (const person of principals) checkPerson(person, '/principals');
  for (const at of [fromMs, toMs]) {
    if (at !== undefined && !(Number.isSafeInteger(at) && at >= 0 && at <= MAX_TIME_MS)) {
      throw new CordonError('invalid_request', 'A hold reaches from one moment to another.', {
        param: '/from',
      });
    }
  }
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw new CordonError('invalid_request', 'A hold begins before it ends.', { param: '/to' });
  }
}

function toHold(deps: HoldDeps, actor: Actor, request: HoldRequest): Hold {
  const { tenant, matter, fromMs, toMs } = request;
  const persons = (names: readonly string[]): readonly Buffer[] =>
    [...new Set(names)].map((name) => personReference(deps.keyring, tenant, name));
  return {
    id: deps.createId(),
    tenant,
    matter,
    subjects: persons(request.dataSubjects),
    principals: persons(request.principals),
    fromMs,
    toMs,
    author: actorReference(deps.keyring, actor),
    placedMs: deps.now(),
  };
}

function placed(hold: Hold, more: JsonObject = {}) {
  return {
    id: hold.id,
    type: 'HOLD_PLACED',
    atMs: hold.placedMs,
    tenant: hold.tenant,
    data: {
      hold: hold.id,
      matter: hold.matter,
      subjects: hold.subjects.map((person) => person.toString('hex')),
      principals: hold.principals.map((person) => person.toString('hex')),
      from: hold.fromMs ?? null,
      to: hold.toMs ?? null,
      by: hold.author.toString('hex'),
      ...more,
    },
  } as const;
}
