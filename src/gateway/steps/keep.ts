import { CordonError } from '../../domain/errors.ts';
import { type KeptCall, type KeptName } from '../../domain/kept.ts';
import { type Principal } from '../../domain/principal.ts';
import { type ParsedRequest } from '../../dialects/dialect.ts';
import { type GatewayDependencies } from '../ports.ts';

/** As stored calls take them (dialects/stored.ts): one or two dots are a path. */
const ID = /^(?!\.{1,2}$)[\w.:-]{1,256}$/;
/** An answer with more items than this is no answer. */
const MAX_NAMES = 10_000;

/**
 * Durable before it resolves: an id that the caller has seen is the caller's, whatever happens next. `runner`: the one
 * that answered.
 */
export type Keep = (names: readonly KeptName[] | undefined, runner: string) => Promise<void>;

/**
 * Writes down under which ids the runner keeps what it answers. Ids are untrusted text: what is not shaped like one is
 * not kept, and so can be asked for by nobody; what the caller wrote does not become the caller's by being repeated.
 */
export function createKeep(
  deps: GatewayDependencies,
  principal: Principal,
  request: ParsedRequest,
  call: Omit<KeptCall, 'runner'>,
): Keep {
  // A container outlives the call whether or not the answer is stored.
  const keepsAll = request.keeps === true || request.target !== undefined;
  const kept = new Set<string>();
  return async (names = [], runner) => {
    const fresh = names.filter(({ kind, id }) => {
      const key = `${kind} ${id}`;
      if (!keepsAll && kind !== 'container') return false;
      if (!ID.test(id) || request.mentioned?.has(id) === true || kept.has(key)) return false;
      kept.add(key);
      return true;
    });
    if (fresh.length === 0) return;
    if (kept.size > MAX_NAMES) {
      throw new CordonError('upstream_invalid', 'The model runner sent an answer of an unknown shape.', {
        detail: 'too many ids',
      });
    }
    if (request.target === undefined) await deps.kept.keep(principal, { ...call, runner }, fresh);
    else await deps.kept.claim(principal, call.requestId, fresh);
  };
}
