import { type TextSlot } from '../../domain/call.ts';
import { parseAnalyze, renderAnalysis } from '../../guardrails/presidio-analyze.ts';
import { type GuardDependencies, type Guardrail } from '../guardrail.ts';

/**
 * Presidio's `POST /analyze`: where personal data stands. Types, places and counts are recorded, the texts are not: they
 * go nowhere.
 */
export const analyze: Guardrail = {
  operation: 'analyze',
  async answer(guard, source) {
    const request = parseAnalyze(source, supportedEntities(guard.deps));
    guard.admit('*');
    const slots = textSlots(request.texts, request.batch);
    const spans = await guard.inspect(slots, 0);
    guard.note(slots, spans);
    await guard.record(undefined, {}, []);
    return { body: renderAnalysis(request, spans) };
  },
};

export function supportedEntities({ catalogue }: GuardDependencies): ReadonlySet<string> {
  return new Set(catalogue.flatMap(({ entities }) => entities));
}

/** The texts of a request whose member `text` is one text or a list. */
export function textSlots(texts: readonly string[], batch: boolean): readonly TextSlot[] {
  return texts.map((text, i) => ({ pointer: batch ? `/text/${i}` : '/text', text, kind: 'text' }));
}
