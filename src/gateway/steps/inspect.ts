import { type TextSlot } from '../../domain/call.ts';
import { CordonError } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type DetectRequest, type Detector, type Span } from '../../domain/span.ts';

/**
 * Spans of every slot, in slot order. Identifier slots are replaced whole and so need no reading. Any failure of the
 * detector is a refusal: a text that was not read does not leave.
 */
export async function inspectSlots(
  detector: Detector,
  slots: readonly TextSlot[],
  signal: AbortSignal,
): Promise<readonly (readonly Span[])[]> {
  if (slots.length > LIMITS.slotsPerCall) {
    throw new CordonError('payload_too_large', `A call may hold at most ${LIMITS.slotsPerCall} texts.`);
  }
  const requests: DetectRequest[] = [];
  const places: number[] = [];
  for (const [i, slot] of slots.entries()) {
    if (slot.kind === 'identifier') continue;
    requests.push({ text: slot.text, kind: slot.kind === 'fixed' ? 'fixed' : 'prose' });
    places.push(i);
  }
  const found = await detect(detector, requests, signal);
  if (found.length !== requests.length) {
    throw new CordonError(
      'detector_unavailable',
      'The detector did not answer for every text; nothing was forwarded.',
    );
  }
  const spans: (readonly Span[])[] = slots.map(() => []);
  for (const [i, place] of places.entries()) spans[place] = found[i] ?? [];
  return spans;
}

async function detect(
  detector: Detector,
  requests: readonly DetectRequest[],
  signal: AbortSignal,
): Promise<readonly (readonly Span[])[]> {
  try {
    return await detector.detect(requests, signal);
  } catch (error) {
    if (error instanceof CordonError) throw error;
    throw new CordonError('detector_unavailable', 'The detector failed; nothing was forwarded.', {
      retryAfterS: 1,
      cause: error,
    });
  }
}
