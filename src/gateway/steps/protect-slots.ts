import { CordonError } from '../../domain/errors.ts';
import { type Span } from '../../domain/span.ts';
import { type ParsedRequest } from '../../dialects/dialect.ts';
import { Demands } from '../../redact/demands.ts';
import { protect, type Protected } from '../../redact/protect.ts';
import { maskPointer } from '../mask-pointer.ts';
import { type GatewayDependencies, type IncomingCall } from '../ports.ts';
import { type Handlings } from './decide.ts';

/**
 * The texts as they may leave. Names of values hold for this call alone, unless the runner remembers it or the caller
 * names the conversation it belongs to: then for all calls of that caller, or of that conversation of hers. `known` are
 * the marks of calls that the runner remembers with this one.
 */
export function protectSlots(
  deps: GatewayDependencies,
  { principal, conversation }: IncomingCall,
  request: ParsedRequest,
  spans: readonly (readonly Span[])[],
  { byEntity }: Handlings,
  known: Readonly<Record<string, string>>,
): Protected {
  const remembered = request.remembered === true;
  const caller = [principal.issuer, principal.subject];
  const scope = JSON.stringify(conversation === undefined ? caller : [...caller, conversation]);
  const demands = new Demands(request.slots);
  const safe = protect(request.slots, spans, {
    handlingOf: (entity) => byEntity[entity] ?? 'block',
    pseudonym: (value, purpose) => deps.pseudonym(principal.tenant, purpose, value),
    namespace: remembered || conversation !== undefined ? scope : undefined,
    surrogates: { scope, lasting: remembered, demandsOn: demands.on },
    phoneRegions: deps.phoneRegions,
    known,
  });
  const broken = demands.broken(safe.texts);
  if (broken !== undefined) {
    throw new CordonError(
      'replacement_invalid',
      'An argument of a tool cannot be replaced by anything that the schema of the tool accepts.',
      { param: maskPointer(broken.pointer) },
    );
  }
  return safe;
}

/** Names a conversation in the record without telling its key. */
export function conversationDigest(
  deps: GatewayDependencies,
  { principal, conversation }: IncomingCall,
): string | undefined {
  if (conversation === undefined) return undefined;
  const parts = JSON.stringify([principal.issuer, principal.subject, conversation]);
  return deps.pseudonym(principal.tenant, 'conversation', parts);
}
