import { type Handling } from '../../domain/handling.ts';
import { type Span } from '../../domain/span.ts';
import {
  type OperatedText,
  parseAnonymize,
  parseDeanonymize,
  renderAnonymized,
  renderDeanonymized,
} from '../../guardrails/presidio-anonymize.ts';
import { HANDLING_OF } from '../../guardrails/presidio-operators.ts';
import { type Guard, type Guardrail } from '../guardrail.ts';
import { supportedEntities, textSlots } from './analyze.ts';

/** Entities that a caller names are recorded in clear, so only known names are; any other could be anything. */
const UNKNOWN_ENTITY = 'CUSTOM';

/**
 * Presidio's `POST /anonymize`: the caller says what stands where and what is to be done to it, `keep` included; it holds
 * the text either way. Cordon does not look for more. Recorded are what the caller claimed and chose, and no text. An
 * entity that the policy blocks refuses the call.
 */
export const anonymize: Guardrail = {
  operation: 'anonymize',
  async answer(guard, source) {
    const request = parseAnonymize(source);
    guard.admit('*');
    const { slots, spans, nameOf } = claimsOf(guard, request.texts, request.batch);
    guard.decide(slots, spans);
    const chosen: Record<string, Handling> = {};
    for (const { entity } of request.texts.flatMap(({ findings }) => findings)) {
      chosen[nameOf(entity)] = HANDLING_OF[request.operatorOf(entity).type];
    }
    guard.trail.findings.handling = chosen;
    const body = renderAnonymized(request, guard.deps.random);
    await guard.record(undefined, {}, changedPlaces(slots, request.texts));
    return { body };
  },
};

/** Presidio's `POST /deanonymize`: what was encrypted, with the caller's key. Recorded like `anonymize`, without texts. */
export const deanonymize: Guardrail = {
  operation: 'deanonymize',
  async answer(guard, source) {
    const request = parseDeanonymize(source);
    guard.admit('*');
    const { slots, spans } = claimsOf(guard, request.texts, request.batch);
    guard.note(slots, spans);
    const body = renderDeanonymized(request);
    await guard.record(undefined, {}, changedPlaces(slots, request.texts));
    return { body };
  },
};

function claimsOf(guard: Guard, texts: readonly OperatedText[], batch: boolean) {
  const known = supportedEntities(guard.deps);
  const nameOf = (entity: string): string => (known.has(entity) ? entity : UNKNOWN_ENTITY);
  const slots = textSlots(
    texts.map(({ text }) => text),
    batch,
  );
  const spans = texts.map(({ findings }) =>
    findings.map(({ start, end, entity, score }): Span => {
      const sure = Math.min(1, Math.max(0, score));
      return { start, end, entity: nameOf(entity), score: sure, recognizer: 'caller', validated: false };
    }),
  );
  return { slots, spans, nameOf };
}

function changedPlaces(
  slots: readonly { readonly pointer: string }[],
  texts: readonly OperatedText[],
): readonly string[] {
  return slots.filter((_, i) => (texts[i]?.findings.length ?? 0) > 0).map(({ pointer }) => pointer);
}
