import { type Span } from '../../src/domain/span.ts';
import { type Document, type GoldSpan } from './corpus.ts';

/** Counts over gold spans and found spans; rates are made from them at the very end. */
export class Tally {
  gold = 0;
  found = 0;
  exact = 0;
  /** Gold spans that some found span of their entity touches, and found spans that touch some gold span of theirs. */
  touchedGold = 0;
  touchedFound = 0;
  /** Gold spans all of whose letters and digits are inside found spans, whatever these are called. */
  covered = 0;
  /** Frames that the gold spans stand in: spans of one frame are no independent trials. */
  readonly frames = new Set<string>();

  /** 0 … 100, one decimal; undefined where there is nothing to divide by. */
  get figures(): Figures {
    const exactP = rate(this.exact, this.found);
    const exactR = rate(this.exact, this.gold);
    const overlapP = rate(this.touchedFound, this.found);
    const overlapR = rate(this.touchedGold, this.gold);
    return {
      gold: this.gold,
      covered: this.covered,
      frames: this.frames.size,
      protected: rate(this.covered, this.gold),
      exactP,
      exactR,
      exactF1: f1(exactP, exactR),
      overlapP,
      overlapR,
      overlapF1: f1(overlapP, overlapR),
    };
  }
}

export interface Figures {
  readonly gold: number;
  readonly covered: number;
  readonly frames: number;
  readonly protected: number | undefined;
  readonly exactP: number | undefined;
  readonly exactR: number | undefined;
  readonly exactF1: number | undefined;
  readonly overlapP: number | undefined;
  readonly overlapR: number | undefined;
  readonly overlapF1: number | undefined;
}

/** Wilson’s interval for a share of `part` in `whole`, at 95 %, in per cent. */
export function wilson(part: number, whole: number): readonly [low: number, high: number] {
  if (whole === 0) return [0, 100];
  const z = 1.96;
  const share = part / whole;
  const middle = share + (z * z) / (2 * whole);
  const half = z * Math.sqrt((share * (1 - share)) / whole + (z * z) / (4 * whole * whole));
  const norm = 1 + (z * z) / whole;
  return [((middle - half) / norm) * 100, ((middle + half) / norm) * 100];
}

export function rate(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : Math.round((part / whole) * 1000) / 10;
}

function f1(p: number | undefined, r: number | undefined): number | undefined {
  if (p === undefined || r === undefined || p + r === 0) return undefined;
  return Math.round(((2 * p * r) / (p + r)) * 10) / 10;
}

/** Entities nobody marked in the frames; finding them is neither right nor wrong here. */
const UNMARKED: ReadonlySet<string> = new Set(['AGE', 'DATE_TIME', 'URL', 'EU_VAT', 'JOB_TITLE', 'NRP']);

export interface Miss {
  readonly kind: 'missed' | 'false';
  readonly entity: string;
  readonly text: string;
  readonly around: string;
  readonly by: string;
}

/** Adds one document to the tallies, by entity; tells `report` what was not protected and what was wrongly found. */
export function scoreDocument(
  { id, text, spans: gold }: Document,
  found: readonly Span[],
  tallyOf: (entity: string, recognizer?: string) => Tally,
  report: (miss: Miss) => void = () => undefined,
): void {
  for (const span of gold) {
    const tally = tallyOf(span.entity);
    const touching = found.filter((other) => other.entity === span.entity && overlaps(span, other));
    tally.gold++;
    tally.frames.add(id.split('-').slice(0, 3).join('-'));
    if (touching.length > 0) tally.touchedGold++;
    if (touching.some((other) => other.start === span.start && other.end === span.end)) tally.exact++;
    if (isCovered(text, span, found)) tally.covered++;
    else report({ kind: 'missed', entity: span.entity, by: '', ...excerpt(text, span) });
  }
  for (const span of found) {
    if (UNMARKED.has(span.entity)) continue;
    const right = gold.some((other) => other.entity === span.entity && overlaps(other, span));
    // A city found inside a marked address protects part of it: wrong as a name, but no wrong redaction.
    const inside = gold.some((other) => overlaps(other, span));
    if (!right && inside) continue;
    for (const tally of [tallyOf(span.entity), tallyOf('', span.recognizer)]) {
      tally.found++;
      if (right) tally.touchedFound++;
    }
    if (!right) {
      report({ kind: 'false', entity: span.entity, by: span.recognizer, ...excerpt(text, span) });
    }
  }
}

function excerpt(text: string, { start, end }: GoldSpan): { text: string; around: string } {
  return { text: text.slice(start, end), around: text.slice(Math.max(0, start - 30), end + 15) };
}

function overlaps(a: GoldSpan, b: { readonly start: number; readonly end: number }): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Commas and spaces between a found street and a found city tell nobody anything; a letter or digit does. */
function isCovered(text: string, span: GoldSpan, found: readonly Span[]): boolean {
  for (let i = span.start; i < span.end; i++) {
    if (!/[\p{L}\p{N}]/u.test(text.charAt(i))) continue;
    if (!found.some((other) => other.start <= i && i < other.end)) return false;
  }
  return true;
}

/** Words as people count them; in Chinese two characters make one. */
export function countWords(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const spaced = text.replace(/\p{Script=Han}/gu, ' ').match(/[\p{L}\p{N}][\p{L}\p{N}'’.-]*/gu)?.length ?? 0;
  return spaced + han / 2;
}
