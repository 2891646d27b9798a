import { type ParsedRequest, type Reference } from '../../dialects/dialect.ts';
import { CordonError } from '../../domain/errors.ts';
import { type RecalledCall } from '../../domain/kept.ts';
import { type Principal } from '../../domain/principal.ts';
import { type GatewayDependencies, type IncomingCall } from '../ports.ts';

/** As many calls as one answer may draw on; longer chains are begun anew. */
const MAX_BUILT_ON = 4_096;

/** What a call needs of the earlier ones that it names. */
export interface Recalled {
  /** Id of the runner that keeps what is named, and so the only one that understands the call. */
  readonly runner: string | undefined;
  /** The call behind a name, when it is the only thing the request is about. */
  readonly about: RecalledCall | undefined;
  readonly originals: Readonly<Record<string, string>>;
  /** Where the request names something unreadable that a runner gave to this caller. */
  readonly owned: ReadonlySet<string>;
  readonly builtOn: readonly string[];
}

const NOTHING: Recalled = {
  runner: undefined,
  about: undefined,
  originals: {},
  owned: new Set(),
  builtOn: [],
};

/**
 * Looks up what the request names. What is not this caller's does not exist for this caller: throws `not_found`, before
 * policy or detector are asked, so that neither answer nor time tells the one from the other.
 */
export async function recallKept(
  deps: GatewayDependencies,
  principal: Principal,
  request: ParsedRequest,
  hold: IncomingCall['hold'],
): Promise<Recalled> {
  const references = request.references ?? [];
  if (references.length === 0) return NOTHING;
  const found = await deps.kept.find(principal, references, hold);
  const calls: RecalledCall[] = [];
  const owned = new Set<string>();
  let runner: string | undefined;
  for (const [i, reference] of references.entries()) {
    const call = found[i];
    if (call === undefined && reference.needed) throw notFound(reference, request);
    if (call === undefined) continue;
    const isHeld = reference.needed || reference.kind === 'container';
    if (isHeld && runner !== undefined && runner !== call.runner) throw twoRunners(reference);
    if (isHeld) runner = call.runner;
    if (reference.kind === 'container') owned.add(reference.pointer);
    calls.push(call);
  }
  const builtOn = [...new Set(calls.flatMap((call) => call.builtOn))];
  if (builtOn.length > MAX_BUILT_ON) {
    throw new CordonError('invalid_request', 'This builds on more stored calls than Cordon follows.');
  }
  return {
    runner,
    owned,
    about: request.target === undefined ? undefined : calls[0],
    originals: Object.assign({}, ...calls.map((call) => call.originals)) as Recalled['originals'],
    builtOn,
  };
}

/** The same words whoever asks and whatever is missing, here and at the runner. */
export function notFound(reference: Reference | undefined, request: ParsedRequest): CordonError {
  const param = request.target === undefined ? reference?.pointer : undefined;
  return new CordonError(
    'not_found',
    'There is nothing stored under this id.',
    param === undefined ? {} : { param },
  );
}

function twoRunners({ pointer }: Reference): CordonError {
  return new CordonError('invalid_request', 'What this call names is stored by different model runners.', {
    param: pointer,
  });
}
