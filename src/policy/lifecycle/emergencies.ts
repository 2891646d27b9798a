import { CordonError } from '../../domain/errors.ts';
import { type JsonObject } from '../../domain/json.ts';
import { encodeException, type Exception, LASTS_AT_MOST_MS, type Scope } from './exception.ts';
import { name } from '../words.ts';
import { sha256Hex } from './bundle.ts';
import { type DeskDeps, recorder, refusable } from './desk.ts';
import { type Person } from '../../domain/proposal.ts';
import { type Actor, type ExceptionEntry, type Review } from './ports.ts';

export interface EmergencyRequest extends Scope {
  /** Of broken glass: whose subject, role or group is meant; the actor's own tenant when left out. */
  readonly tenant?: string | undefined;
  readonly lastsMs: number;
  /** Why: for broken glass, the purpose. */
  readonly note: string;
  readonly ticket: string;
}

export interface Opened {
  /** Names it, for whoever ends or reviews it. */
  readonly exception: string;
  /** The rule as decisions name it. */
  readonly rule: string;
  readonly untilMs: number;
}

/** What one person may do at once, because it cannot wait: recorded first, short, and reviewed by another. */
export interface EmergencyDesk {
  /** Denies a subject, role, model or runner, or several of these together, for up to 24 hours. */
  deny(actor: Actor, request: EmergencyRequest): Promise<Opened>;
  /** Allows somebody what no rule does, for up to 4 hours. What a rule denies stays denied. */
  breakGlass(actor: Actor, request: EmergencyRequest): Promise<Opened>;
  end(actor: Actor, exception: string): Promise<void>;
  review(actor: Actor, exception: string, verdict: Review['verdict'], note: string): Promise<void>;
}

const SELECTOR = /^(?:role|group|subject|tenant):[A-Za-z0-9._:@/+=$~|-]{1,256}$/;
const GLOB = /^[A-Za-z0-9._:@/+=$~|*-]{1,256}$/;

export function createEmergencyDesk(
  deps: DeskDeps & {
    /** Roles that the version in force declares. */
    readonly roles: () => Promise<readonly string[]>;
  },
): EmergencyDesk {
  const { store, createId, changed } = deps;
  const note = recorder(deps);

  const open = async (
    kind: 'emergency_deny' | 'break_glass',
    actor: Actor,
    { who, model, runner, tenant = actor.tenant, lastsMs, note: why, ticket }: EmergencyRequest,
  ): Promise<Opened> => {
    if (lastsMs > LASTS_AT_MOST_MS[kind]) {
      const hours = LASTS_AT_MOST_MS[kind] / 3_600_000;
      throw new CordonError('invalid_request', `This lasts at most ${hours} hours.`, { param: '/minutes' });
    }
    await checkWho(who, deps.roles);
    checkGlob(model, '/model');
    checkGlob(runner, '/runner');
    const id = `${kind === 'emergency_deny' ? 'emergency-deny' : 'break-glass'}.${createId()}`;
    const scope = { id, who, model, runner };
    const exception: Exception =
      kind === 'emergency_deny' ? { kind, ...scope } : { kind, ...scope, tenant: checkTenant(tenant) };
    const hash = sha256Hex(encodeException(exception));
    const target: JsonObject = {
      ...{ model: model ?? null, runner: runner ?? null },
      ...(kind === 'break_glass' ? { for_tenant: tenant } : {}),
    };
    const data = { kind, exception: hash, rule: id, minutes: Math.round(lastsMs / 60_000), ...target };
    await note(actor, 'POLICY_EMERGENCY', data, { who: who ?? null, note: why, ticket });
    const untilMs = await refusable(store.except(exception, actor, lastsMs, { note: why, ticket }));
    await changed();
    return { exception: hash, rule: id, untilMs };
  };

  const find = async (
    hash: string,
    actor: Actor,
  ): Promise<ExceptionEntry & { readonly kind: Exception['kind'] }> => {
    const entry = await store.exception(hash);
    const { exception } = entry ?? {};
    // What two people of one tenant agreed on is no other tenant's business.
    const foreign = exception?.kind === 'false_positive' && exception.tenant !== actor.tenant;
    if (entry === undefined || foreign) throw new CordonError('not_found', 'There is no such exception.');
    return { ...entry, kind: entry.exception.kind };
  };

  return {
    deny(actor, request) {
      const { who, model, runner } = request;
      if (who === undefined && model === undefined && runner === undefined) {
        const message =
          'Say whom or what to deny: who, model or runner; everything at once is a new version.';
        throw new CordonError('invalid_request', message);
      }
      return open('emergency_deny', actor, request);
    },
    breakGlass(actor, request) {
      if (request.who === undefined) {
        throw new CordonError('invalid_request', 'Say for whom: subject:NAME, role:NAME or group:NAME.', {
          param: '/who',
        });
      }
      return open('break_glass', actor, request);
    },
    async end(actor, exception) {
      const { kind, author, exception: about } = await find(exception, actor);
      if (kind === 'emergency_deny' && isSame(author, actor)) {
        throw new CordonError(
          'self_approval',
          'An emergency denial is lifted by another person than who denied it.',
        );
      }
      if (kind === 'emergency_deny' && isAbout(about, actor)) {
        throw new CordonError('self_approval', 'An emergency denial is not lifted by whom it denies.');
      }
      await note(actor, 'POLICY_EMERGENCY', { kind: 'end', exception });
      await refusable(store.end(exception, actor));
      await changed();
    },
    async review(actor, exception, verdict, why) {
      const { kind, author, review, exception: about } = await find(exception, actor);
      if (kind === 'false_positive')
        throw new CordonError('conflict', 'This was approved; there is nothing to review.');
      if (isSame(author, actor))
        throw new CordonError('self_approval', 'Another person reviews what you did.');
      if (isAbout(about, actor))
        throw new CordonError('self_approval', 'Another person than whom it is about reviews it.');
      if (review !== undefined) throw new CordonError('conflict', 'This was reviewed already.');
      await note(actor, 'POLICY_EMERGENCY', { kind: 'review', exception, verdict }, { note: why });
      await refusable(store.review(exception, actor, verdict, why));
    },
  };
}

/** A denial of a misspelt role would deny nobody, and nobody would notice. */
async function checkWho(who: string | undefined, roles: () => Promise<readonly string[]>): Promise<void> {
  if (who === undefined) return;
  if (!SELECTOR.test(who)) {
    const message = 'Write subject:NAME, role:NAME, group:NAME or tenant:NAME.';
    throw new CordonError('invalid_request', message, { param: '/who' });
  }
  if (!who.startsWith('role:') || (await roles()).includes(who.slice('role:'.length))) return;
  const message = 'The policy in force declares no such role; cordon policy show lists its roles.';
  throw new CordonError('invalid_request', message, { param: '/who' });
}

function checkGlob(glob: string | undefined, param: string): void {
  if (glob === undefined) return;
  if (!GLOB.test(glob)) {
    throw new CordonError('invalid_request', 'Write a name, with * for anything.', { param });
  }
}

function checkTenant(tenant: string): string {
  if (name.safeParse(tenant).success) return tenant;
  throw new CordonError('invalid_request', 'Write the name of a tenant.', { param: '/tenant' });
}

/** Whom an exception names is no judge of it. Who only shares a role with others may be. */
function isAbout(exception: Exception, { subject }: Actor): boolean {
  return exception.kind !== 'false_positive' && exception.who === `subject:${subject}`;
}

function isSame(a: Person, b: Person): boolean {
  return a.issuer === b.issuer && a.subject === b.subject;
}
