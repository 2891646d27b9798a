import { DENY_LIST } from '../../detect/deny-list.ts';
import { type TextSlot } from '../../domain/call.ts';
import { type PolicySnapshot } from '../../domain/policy.ts';
import { type Span } from '../../domain/span.ts';

/**
 * Leaves out the spans whose value two people agreed is no such entity, in this tenant. What the operator's own list
 * denies is found whatever anybody agrees on.
 */
export function exemptSpans(
  { isFalsePositive }: Pick<PolicySnapshot, 'isFalsePositive'>,
  tenant: string,
  slots: readonly Pick<TextSlot, 'text'>[],
  found: readonly (readonly Span[])[],
): readonly (readonly Span[])[] {
  if (isFalsePositive === undefined) return found;
  return found.map((spans, i) => {
    const text = slots[i]?.text ?? '';
    return spans.filter(
      ({ start, end, entity, recognizer }) =>
        recognizer === DENY_LIST || !isFalsePositive(tenant, entity, text.slice(start, end)),
    );
  });
}
