import { type TextSlot } from '../../src/domain/call.ts';
import { type Handling } from '../../src/domain/handling.ts';
import { type Span } from '../../src/domain/span.ts';
import { protect, type Protected } from '../../src/redact/protect.ts';

export interface KnownValue {
  readonly value: string;
  readonly entity: string;
}

/** Spans of every occurrence of the known values. */
export function spansOf(text: string, known: readonly KnownValue[]): Span[] {
  const spans: Span[] = [];
  for (let at = 0; at < text.length;) {
    const found = known.find(({ value }) => text.startsWith(value, at));
    if (!found) {
      at++;
      continue;
    }
    const end = at + found.value.length;
    spans.push({ start: at, end, entity: found.entity, score: 1, recognizer: 'test', validated: true });
    at = end;
  }
  return spans;
}

export function slot(text: string, kind: TextSlot['kind'] = 'text', pointer = '/x'): TextSlot {
  return { pointer, text, kind };
}

export function pseudonym(value: string, scope: string): string {
  let hash = 7;
  for (const unit of `${scope}:${value}`) hash = (hash * 31 + (unit.codePointAt(0) ?? 0)) % 0xffffff;
  return hash.toString(16).padStart(6, '0');
}

export function protectTexts(
  texts: readonly string[],
  known: readonly KnownValue[],
  handlingOf: (entity: string) => Handling = () => 'pseudonymise',
): Protected {
  const slots = texts.map((text, i) => slot(text, 'text', `/${i}`));
  const spans = texts.map((text) => spansOf(text, known));
  return protect(slots, spans, { handlingOf, pseudonym });
}
