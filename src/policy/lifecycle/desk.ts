import { CordonError } from '../../domain/errors.ts';
import { type JsonObject } from '../../domain/json.ts';
import { type Principal } from '../../domain/principal.ts';
import { type Executor, type Proposal, type Proposals } from '../../domain/proposal.ts';
import { type Ledger, type SystemRecord } from '../../domain/record.ts';
import { formatProblem } from '../problem.ts';
import { encodeBundle, ownPacks, parseBundle, sha256Hex, type ShippedPacks } from './bundle.ts';
import { type VersionBuilder } from './in-force.ts';
import { type Actor, PolicyRefusal, type PolicyStore, type Version } from './ports.ts';

export interface DeskDeps {
  readonly store: PolicyStore;
  readonly builder: VersionBuilder;
  readonly note: Ledger['note'];
  /** Keyed pseudonym of a person, hex. */
  readonly pseudonym: (actor: Actor) => string;
  readonly now: () => number;
  readonly createId: () => string;
  readonly packs: ShippedPacks;
  /** Has this process look at once; the others are told by the database. */
  readonly changed: () => Promise<void>;
}

export interface Submitted {
  readonly version: string;
  readonly name: string;
  readonly cases: number;
  /** Packs that are not those of their name that come with Cordon. */
  readonly ownPacks: readonly string[];
  /** False when somebody submitted the same text before. */
  readonly isNew: boolean;
}

export interface ActivationRequest {
  readonly version: string;
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly note: string;
}

/** Versions: submitting one, and having it put in force with a second person's approval. */
export interface VersionDesk {
  submit(
    actor: Actor,
    draft: { readonly bundle: unknown; readonly note: string; readonly ticket: string },
  ): Promise<Submitted>;
  propose(
    proposals: Proposals,
    principal: Principal,
    kind: 'policy.activate' | 'policy.rollback',
    request: ActivationRequest,
  ): Promise<Proposal>;
  /** Of both kinds. */
  readonly execute: Executor;
  withdraw(actor: Actor, activation: string): Promise<void>;
}

/** As many problems as an answer lists. */
const SHOWN = 20;
const FARTHEST_MS = 366 * 86_400_000;

export function createVersionDesk(deps: DeskDeps): VersionDesk {
  const { store, builder, now } = deps;
  const note = recorder(deps);

  /** A version that this process could enforce; anything else must not come in force under its feet. */
  const checkBuildable = async (
    bundle: string,
  ): Promise<{ readonly name: string; readonly cases: number }> => {
    const { set, problems } = await builder.build(readBundle(JSON.parse(bundle)));
    if (set !== undefined) return { name: set.name, cases: set.cases.length };
    const lines = problems.slice(0, SHOWN).map(formatProblem);
    const more = problems.length > SHOWN ? [`and ${problems.length - SHOWN} more`] : [];
    throw new CordonError('invalid_request', ['The policy set is refused:', ...lines, ...more].join('\n'));
  };

  const versionOf = async (hash: string): Promise<Version> => {
    const version = await store.version(hash);
    if (version === undefined) throw new CordonError('not_found', 'There is no such version of the policy.');
    return version;
  };

  return {
    async submit(actor, draft) {
      const parsed = readBundle(draft.bundle);
      const own = ownPacks(parsed, deps.packs);
      const bundle = encodeBundle(parsed);
      const hash = sha256Hex(bundle);
      const { name, cases } = await checkBuildable(bundle);
      const known = await store.version(hash);
      if (known !== undefined) return { version: hash, name, cases, ownPacks: own, isNew: false };
      await note(
        actor,
        'POLICY_SUBMITTED',
        { version: hash, name, ...(own.length === 0 ? {} : { own_packs: own }) },
        { note: draft.note, ticket: draft.ticket },
      );
      const isNew = await refusable(
        store.submit({ hash, bundle, name, note: draft.note, ticket: draft.ticket }, actor),
      );
      return { version: hash, name, cases, ownPacks: own, isNew };
    },
    async propose(proposals, principal, kind, { version, fromMs, untilMs, note: said }) {
      const { name } = await versionOf(version);
      if (kind === 'policy.rollback' && (await store.inForce(version)) === undefined) {
        const message =
          'This version was never in force, so nothing can be rolled back to it: have it activated.';
        throw new CordonError('conflict', message);
      }
      checkTimes(fromMs, untilMs, now());
      const own = ownPacks(readBundle(JSON.parse((await store.bundle(version)) ?? '{}')), deps.packs);
      return proposals.propose(principal, kind, {
        ...{ version, name, note: said },
        // Who reads `gdpr` in a set and approves it thinks of the pack that they know.
        ...(own.length === 0 ? {} : { own_packs: own }),
        ...(fromMs === undefined ? {} : { from_ms: fromMs }),
        ...(untilMs === undefined ? {} : { until_ms: untilMs }),
      });
    },
    async execute(proposal) {
      const version = textOf(proposal.body, 'version');
      const { author, isProven } = await versionOf(version);
      if (!isProven) {
        throw new CordonError(
          'conflict',
          'Cordon did not write down who wrote this version: submit another.',
        );
      }
      const { decider, tenant, id, kind } = proposal;
      if (decider === undefined) throw new TypeError('a proposal is executed that nobody approved');
      if (author?.issuer === decider.issuer && author.subject === decider.subject) {
        throw new CordonError('self_approval', 'Another person than its author must approve a version.');
      }
      const until = numberOf(proposal.body, 'until_ms');
      if (until !== undefined && until <= now()) {
        throw new CordonError('conflict', 'What was approved has ended before it began: propose it again.');
      }
      await checkBuildable((await store.bundle(version)) ?? '');
      await note({ tenant, ...decider }, 'POLICY_ACTIVATED', {
        ...{ version, proposal: id, kind: kind === 'policy.rollback' ? 'rollback' : 'activate' },
        proposer: deps.pseudonym({ tenant, ...proposal.author }),
        from: numberOf(proposal.body, 'from_ms') ?? null,
        until: until ?? null,
      });
      const fromMs = await refusable(store.activate(proposal));
      await deps.changed();
      return { version, from: new Date(fromMs).toISOString() };
    },
    async withdraw(actor, activation) {
      const found = (await store.activations()).find(({ id }) => id === activation);
      if (found === undefined || found.withdrawnMs !== undefined || found.fromMs <= now()) {
        throw new CordonError('not_found', 'Nothing is scheduled under this id.');
      }
      await note(actor, 'POLICY_ACTIVATED', { proposal: activation, kind: 'withdraw' });
      await refusable(store.withdraw(activation, actor));
      await deps.changed();
    },
  };
}

/** Writes down who did what, durably, before it is done. */
export function recorder({ note, pseudonym, now }: Pick<DeskDeps, 'note' | 'pseudonym' | 'now'>) {
  return (
    actor: Actor,
    type: SystemRecord['type'],
    data: JsonObject,
    details: JsonObject = {},
  ): Promise<void> =>
    note({
      type,
      atMs: now(),
      tenant: actor.tenant,
      data: { ...data, person: pseudonym(actor) },
      details: { person: { issuer: actor.issuer, subject: actor.subject }, ...details },
    });
}

/** What the database does not let one person do, as a refusal; anything else as an outage. */
export async function refusable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof PolicyRefusal)) throw error;
    const message = `${error.message.slice(0, 1).toUpperCase()}${error.message.slice(1)}.`;
    throw new CordonError(error.kind === 'own' ? 'self_approval' : 'not_found', message, { cause: error });
  }
}

function readBundle(value: unknown): ReturnType<typeof parseBundle> {
  try {
    return parseBundle(value);
  } catch (error) {
    if (error instanceof RangeError)
      throw new CordonError('invalid_request', `${error.message}.`, { cause: error });
    throw error;
  }
}

function checkTimes(fromMs: number | undefined, untilMs: number | undefined, nowMs: number): void {
  const begins = fromMs ?? nowMs;
  if (begins > nowMs + FARTHEST_MS) {
    throw new CordonError('invalid_request', 'A version is scheduled at most a year ahead.', {
      param: '/from',
    });
  }
  if (untilMs !== undefined && untilMs <= Math.max(begins, nowMs)) {
    throw new CordonError('invalid_request', 'until must be later than from, and in the future.', {
      param: '/until',
    });
  }
}

function textOf(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw new TypeError('a proposal has another body than was proposed');
  return value;
}

function numberOf(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  return typeof value === 'number' ? value : undefined;
}
