import { type LocatedSpan, type TextSlot } from '../../domain/call.ts';
import { CordonError } from '../../domain/errors.ts';
import { type Handling } from '../../domain/handling.ts';
import { type AdmitInput, type PolicySnapshot } from '../../domain/policy.ts';
import { type Span } from '../../domain/span.ts';
import { DEFAULT_BLOCK } from '../../policy/check.ts';
import { maskPointer } from '../mask-pointer.ts';

/** As many places as an error message names. */
const MAX_PLACES = 10;

export interface Handlings {
  readonly byEntity: Readonly<Record<string, Handling>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly spans: readonly LocatedSpan[];
  readonly ruleIds: readonly string[];
  /** Entities that no handling rule covers at this destination, and that are blocked for it. */
  readonly uncovered: readonly string[];
}

/** Policy's second question: what happens to each entity that was found, at this destination? */
export function decideHandlings(
  snapshot: PolicySnapshot,
  input: AdmitInput,
  slots: readonly TextSlot[],
  found: readonly (readonly Span[])[],
): Handlings {
  const byEntity = new Map<string, Handling>();
  const counts = new Map<string, number>();
  const ruleIds = new Set<string>();
  const spans: LocatedSpan[] = [];
  const uncovered: string[] = [];
  for (const [i, slot] of slots.entries()) {
    for (const { start, end, entity, score, recognizer } of found[i] ?? []) {
      if (!byEntity.has(entity)) {
        const verdict = snapshot.handle(input, entity);
        byEntity.set(entity, verdict.handling);
        ruleIds.add(verdict.ruleId);
        if (verdict.ruleId === DEFAULT_BLOCK) uncovered.push(entity);
      }
      const handling = byEntity.get(entity);
      spans.push({ pointer: slot.pointer, start, end, entity, score, recognizer, handling });
      counts.set(entity, (counts.get(entity) ?? 0) + 1);
    }
  }
  return {
    byEntity: Object.fromEntries(byEntity),
    counts: Object.fromEntries(counts),
    spans,
    ruleIds: [...ruleIds],
    uncovered,
  };
}

/**
 * Refuses the call when an entity is blocked, or when one stands where nothing can be rewritten (an object key, a
 * number). The message names types and pointers only.
 */
export function checkNothingBlocked(
  slots: readonly TextSlot[],
  found: readonly (readonly Span[])[],
  handlings: Handlings,
): void {
  const places = new Set<string>();
  let param: string | undefined;
  for (const [i, { pointer, kind }] of slots.entries()) {
    for (const { entity } of found[i] ?? []) {
      const handling = handlings.byEntity[entity] ?? 'block';
      if (handling !== 'block' && (handling === 'disclose' || kind !== 'fixed')) continue;
      param ??= maskPointer(pointer);
      places.add(`${entity} at ${maskPointer(pointer)}`);
    }
  }
  if (param === undefined) return;
  const named = [...places].slice(0, MAX_PLACES).join('; ');
  const missing =
    handlings.uncovered.length === 0
      ? ''
      : ` No handling rule covers ${handlings.uncovered.slice(0, MAX_PLACES).join(', ')} at this destination.`;
  const message = `The policy blocks what this call contains: ${named}.${missing}`;
  throw new CordonError('entity_blocked', message, { param });
}
