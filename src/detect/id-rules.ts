import { type Span } from '../domain/span.ts';
import { type Context } from './context.ts';
import { type Recognizer } from './recognizer.ts';
import { isAlnumAt, isBounded, isDigitAt } from './tokens.ts';
import { type TextView } from './view.ts';

/**
 * One kind of identifier, as data. In a format `9` is a digit, `@` a letter, `#` either; anything else stands for
 * itself, letters in either case.
 */
export interface IdRule {
  readonly entity: string;
  /** Formats telling enough without a word beside them, once the check has passed. */
  readonly alone: readonly string[];
  /** Formats many ordinary numbers share: found only beside a context word. */
  readonly inContext: readonly string[];
  readonly context: Context;
  /** Gets letters (upper-cased) and digits only; absent when the format is all there is to check. */
  readonly check?: (compact: string) => boolean;
  /** False when `check` narrows the candidates but proves nothing. Default: true with a check. */
  readonly proof?: boolean;
  /** Words right before it that make it something else: `订单号` before eleven digits. */
  readonly notBehind?: RegExp;
  /** Cards stand beside expiry dates: more digits after a space or a slash do not make them part of a longer number. */
  readonly loose?: boolean;
  /** Letters must be capitals unless a context word is near: for formats that file names and hashes share. */
  readonly capitals?: boolean;
  /** Score of a lone match, 0.85 unless told. */
  readonly score?: number;
}

interface Format {
  readonly rule: IdRule;
  readonly pattern: string;
  /** The separator inside it, if any. */
  readonly separator: string;
  readonly alone: boolean;
}

const WEAK_SCORE = 0.3;
const CONTEXT_SCORE = 0.7;

/**
 * All rules in one pass. A format can only begin at a token (or at the short letter group before one) whose length is
 * that of its own first group, so each token is compared with a handful of formats: cost is linear in the text and
 * almost independent of the number of rules.
 */
export function createIdRecognizer(name: string, rules: readonly IdRule[]): Recognizer {
  const byLength = new Map<number, Format[]>();
  for (const rule of rules) {
    for (const [patterns, alone] of [[rule.alone, true] as const, [rule.inContext, false] as const]) {
      for (const pattern of patterns) {
        const length = /^[A-Za-z0-9@#]*/.exec(pattern)?.[0].length ?? 0;
        const separator = /[^A-Za-z0-9@#]/.exec(pattern)?.[0] ?? '';
        const formats = byLength.get(length) ?? [];
        formats.push({ rule, pattern, separator, alone });
        byLength.set(length, formats);
      }
    }
  }
  return {
    name,
    entities: [...new Set(rules.map((rule) => rule.entity))],
    find(view) {
      const spans: Span[] = [];
      for (const token of view.tokens) {
        tryAt(view, token.start, token.end, byLength, spans);
        const lead = leadingLetters(view.text, token.start);
        if (lead === undefined) continue;
        tryAt(view, lead, token.start - 1, byLength, spans);
        // `RSS MRA 85T10 A562S`: two groups of letters before the first digit.
        const first = lead < token.start - 3 ? leadingLetters(view.text, lead) : undefined;
        if (first !== undefined) tryAt(view, first, lead - 1, byLength, spans);
      }
      return spans;
    },
  };
}

/** Start of a group of 1–6 letters joined to what begins at `at` by one space, dash or dot: `QQ 12 34 56 C`. */
function leadingLetters(text: string, at: number): number | undefined {
  const separator = text.charAt(at - 1);
  if (separator !== ' ' && separator !== '-' && separator !== '.') return undefined;
  let start = at - 1;
  while (start > 0 && at - 1 - start < 7 && isAlnumAt(text, start - 1)) {
    start--;
    if (isDigitAt(text, start)) return undefined;
  }
  const length = at - 1 - start;
  return length >= 1 && length <= 6 ? start : undefined;
}

function tryAt(
  view: TextView,
  start: number,
  firstEnd: number,
  byLength: ReadonlyMap<number, readonly Format[]>,
  spans: Span[],
): void {
  for (const format of byLength.get(firstEnd - start) ?? []) {
    const span = match(view, start, format);
    if (span !== undefined) spans.push(span);
  }
}

function match(view: TextView, start: number, format: Format): Span | undefined {
  const { text } = view;
  const { rule, pattern } = format;
  const end = start + pattern.length;
  if (!matchesPattern(text, start, pattern)) return undefined;
  if (!isBounded(text, start, end, rule.loose)) return undefined;
  if (rule.loose !== true && isWithinChain(text, start, end, format.separator)) return undefined;
  const compact = text.slice(start, end).replace(/[^A-Za-z0-9]/g, '');
  if (rule.check?.(compact.toUpperCase()) === false) return undefined;
  if (rule.notBehind?.test(text.slice(Math.max(0, start - 24), start)) === true) return undefined;
  const nearness = rule.context.nearness(text, start, end) || headingNearness(view, start, rule.context);
  // Beside its own name an id is one however it was typed: `dni: 12345678z`.
  if (rule.capitals === true && nearness === 0 && /[a-z]/.test(compact)) return undefined;
  const base = format.alone ? (rule.score ?? 0.85) : WEAK_SCORE;
  return {
    start,
    end,
    entity: rule.entity,
    score: nearness > 0 ? Math.min(1, Math.max(base, CONTEXT_SCORE) + 0.14 * nearness) : base,
    recognizer: rule.entity.toLowerCase().replaceAll('_', '-'),
    validated: rule.check !== undefined && rule.proof !== false,
  };
}

/** A column's heading is as good as a label right before the number. */
function headingNearness(view: TextView, start: number, context: Context): number {
  const heading = view.headingAt(start);
  return heading !== undefined && context.isIn(heading) ? 1 : 0;
}

function matchesPattern(text: string, start: number, pattern: string): boolean {
  if (start + pattern.length > text.length) return false;
  for (let i = 0; i < pattern.length; i++) {
    const wanted = pattern.charAt(i);
    const at = start + i;
    if (wanted === '9') {
      if (!isDigitAt(text, at)) return false;
    } else if (wanted === '@') {
      if (!isAlnumAt(text, at) || isDigitAt(text, at)) return false;
    } else if (wanted === '#') {
      if (!isAlnumAt(text, at)) return false;
    } else if (text.charAt(at) !== wanted && text.charAt(at).toUpperCase() !== wanted) {
      return false;
    }
  }
  return true;
}

/** `219 09 9999` inside `12 219 09 9999 4`: the same separator goes on to another group of digits. */
function isWithinChain(text: string, start: number, end: number, separator: string): boolean {
  if (separator !== ' ') return false;
  return (
    (text.charAt(start - 1) === ' ' && isDigitAt(text, start - 2)) ||
    (text.charAt(end) === ' ' && isDigitAt(text, end + 1))
  );
}
