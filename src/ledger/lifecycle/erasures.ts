import { type Deks } from '../../crypto/deks.ts';
import { type ErasureHorizon } from '../../crypto/kek-horizon.ts';
import { type Keyring, personReference } from '../../crypto/keyring.ts';
import { CordonError } from '../../domain/errors.ts';
import { type Ledger } from '../../domain/record.ts';
import { type Destruction, type ErasureStore, type Undertakings } from './ports.ts';
import {
  ABANDONED_MS,
  type Actor,
  actorReference,
  available,
  checkPerson,
  checkReason,
  noteOnce,
} from './undertaking.ts';

export interface ErasureDeps {
  readonly store: ErasureStore;
  readonly undertakings: Undertakings;
  readonly ledger: Pick<Ledger, 'note'>;
  readonly keyring: Keyring;
  /** This process's keys; others are told by the database. */
  readonly deks: Pick<Deks, 'forget'>;
  readonly now: () => number;
  readonly createId: () => string;
  /** When the destroyed data keys of a person (tenant and pseudonym) are beyond recovery from backups, too. */
  readonly horizon: (tenant: string, subject: Buffer) => Promise<ErasureHorizon>;
}

export interface ErasureRequest {
  readonly tenant: string;
  /** As calls name the person: the token's subject, or the Cordon-Data-Subject header. */
  readonly dataSubject: string;
  readonly reason: string;
}

export interface Erasure {
  readonly id: string;
  readonly tenant: string;
  /** Data encryption keys destroyed; none, when nothing was sealed for this person. */
  readonly keys: number;
  readonly keptCalls: number;
  readonly atMs: number;
  /**
   * Until then, who holds both a backup of the database and the key encryption key of its time can undo it. Undefined
   * when nobody can say: a key of theirs is overdue or of unknown age, or the key service does not answer.
   */
  readonly horizonMs: number | undefined;
}

/**
 * Erasure by destroying keys. An intent is durable before anything is destroyed, and the result after; a crash in
 * between is carried on, so that nothing is destroyed of which there is no record, and nothing recorded as erased is
 * still there. A hold, or terms of retention that forbid it, refuse it: in the database, where no race passes them.
 */
export interface Erasures {
  /** Rejects with `held` or `retention_required` when it must not be; that is recorded, too. */
  erase(actor: Actor, request: ErasureRequest): Promise<Erasure>;
  /** Carries on what a crash interrupted, and what others had not heard of; returns how many it carried on. */
  resume(): Promise<number>;
}

/** Ids of keys that a record lists; the count is always whole. */
const MAX_LISTED = 1_000;

export function createErasures(deps: ErasureDeps): Erasures {
  const { undertakings } = deps;

  async function carryOn(id: string): Promise<Done> {
    const done = await deps.store.destroy(id);
    let horizonMs: number | undefined;
    if (done.outcome === 'destroyed') {
      deps.deks.forget(done.subject);
      horizonMs = await horizonOf(deps, done);
      await noteOnce(deps, erased(id, done, horizonMs));
    } else if (done.outcome !== 'refused') {
      await noteOnce(deps, refused(id, done));
    }
    await undertakings.end(id);
    return { ...done, horizonMs };
  }

  return {
    erase: (actor, request) =>
      available(async () => {
        checkPerson(request.dataSubject, '/data_subject');
        checkReason(request.reason);
        const { tenant, reason } = request;
        const id = deps.createId();
        const { issuer, subject } = actor;
        await undertakings.begin(id, 'erasure', deps.now());
        await deps.ledger.note({
          id,
          type: 'ERASURE_STARTED',
          atMs: deps.now(),
          tenant,
          data: {
            subject: personReference(deps.keyring, tenant, request.dataSubject).toString('hex'),
            by: actorReference(deps.keyring, actor).toString('hex'),
          },
          details: { reason, actor: { issuer, subject } },
        });
        const done = await carryOn(id);
        if (done.outcome !== 'destroyed') throw refusal(done);
        return {
          id,
          tenant,
          keys: done.deks.length,
          keptCalls: done.kept,
          atMs: done.atMs,
          horizonMs: done.horizonMs,
        };
      }),
    async resume() {
      const left = await undertakings.unfinished('erasure', deps.now() - ABANDONED_MS);
      for (const id of left) {
        // Without an intent on record, whoever asked was told that it failed, and nothing was destroyed.
        if (await undertakings.recorded(id, 'ERASURE_STARTED')) await carryOn(id);
        else await undertakings.end(id);
      }
      await deps.store.settle();
      return left.length;
    },
  };
}

type Done = Destruction & Pick<Erasure, 'horizonMs'>;

/** What is destroyed is destroyed: that a key service cannot tell how old its keys are does not make it fail. */
async function horizonOf(
  { horizon }: Pick<ErasureDeps, 'horizon'>,
  { tenant, subject, atMs }: Destruction,
): Promise<number | undefined> {
  const known = await horizon(tenant, subject).catch(() => undefined);
  return known?.pending === 0 ? atMs : known?.atMs;
}

function erased(id: string, done: Destruction, horizonMs: number | undefined) {
  return {
    id,
    type: 'ERASED',
    atMs: done.atMs,
    tenant: done.tenant,
    data: {
      subject: done.subject.toString('hex'),
      by: done.by,
      keys: done.deks.length,
      deks: done.deks.slice(0, MAX_LISTED),
      keptCalls: done.kept,
      horizon: horizonMs === undefined ? null : new Date(horizonMs).toISOString(),
    },
  } as const;
}

function refused(id: string, { outcome, tenant, subject, by, matters, atMs }: Destruction) {
  return {
    id,
    type: 'ERASURE_REFUSED',
    atMs,
    tenant,
    data: { subject: subject.toString('hex'), by, reason: outcome, matters },
  } as const;
}

function refusal({ outcome, matters }: Destruction): CordonError {
  if (outcome === 'preserved') {
    return new CordonError(
      'retention_required',
      'This tenant’s terms of retention forbid destroying keys (sec-17a-4): records stay readable until their time is up. The request is recorded.',
    );
  }
  return new CordonError(
    'held',
    `A legal hold covers this person, so nothing was erased: ${matters.join(', ')}. Have it released by two persons (\`cordon audit hold release\`), then ask again. The request is recorded.`,
  );
}
