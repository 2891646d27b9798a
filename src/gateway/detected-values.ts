import { type TextSlot } from '../domain/call.ts';
import { type DetectedValue } from '../domain/record.ts';
import { type Span } from '../domain/span.ts';

/** What an application calls a person by, where no text says it. */
const IDENTIFIER = 'IDENTIFIER';

/** The values that were found, each once for each entity, whatever then happens to them. `spans[i]` belong to `slots[i]`. */
export function detectedValues(
  slots: readonly TextSlot[],
  spans: readonly (readonly Span[])[],
): readonly DetectedValue[] {
  const found = new Map<string, DetectedValue>();
  const add = (entity: string, value: string): void =>
    void found.set(`${entity} ${value}`, { entity, value });
  for (const [i, { kind, text }] of slots.entries()) {
    if (kind === 'identifier' && text !== '') add(IDENTIFIER, text);
    for (const { entity, start, end } of spans[i] ?? []) add(entity, text.slice(start, end));
  }
  return [...found.values()];
}
