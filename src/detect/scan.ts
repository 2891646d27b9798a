import { type Span } from '../domain/span.ts';
import { type DecodedRun, decodeBase64Runs } from './base64.ts';
import { type DictatedRun, decodeEscapes } from './decode.ts';
import { type Recognizer } from './recognizer.ts';
import { isCounting } from './spelled.ts';
import { type TextView, foldText } from './view.ts';

/** Longest piece read at once, and what neighbouring pieces share: no recogniser's match is longer. */
const WINDOW = 65_536;
const OVERLAP = 16_384;
/** How far back from the end of a piece a line or word end is looked for. */
const CUT_REACH = 1024;
const LABELLED_SCORE = 0.7;
/** How far from a number the word that labels it is looked for. */
const LABEL_REACH = 64;
/** Digits one by one are no odd strings: whatever explains a run from its first to its last counts sooner. */
const DICTATED_SCORE = 0.5;
const MIN_SPELLED = 9;

/** All recognisers over one piece of text. Spans are in offsets of `text`, unsorted, overlapping, of any score. */
export function scan(text: string, recognizers: readonly Recognizer[]): readonly Span[] {
  const view = foldText(text);
  const spans = find(view, recognizers);
  // What had to be decoded first must be proven or well labelled: decoding makes odd strings out of ordinary ones.
  const decoded = decodeEscapes(view);
  if (decoded !== undefined) {
    const { dictated } = decoded;
    const inside = find(decoded.view, recognizers).filter(
      (span) =>
        span.validated ||
        span.score >= LABELLED_SCORE ||
        (span.score >= DICTATED_SCORE && dictated.some((run) => covers(span, run))),
    );
    spans.push(...inside, ...unexplained(dictated, [...spans, ...inside]));
  }
  for (const run of decodeBase64Runs(view.text)) {
    const { start, end } = run;
    const best = findEncoded(view.text, run, recognizers).sort((a, b) => b.score - a.score)[0];
    if (best === undefined) continue;
    spans.push({ ...best, start: view.originalStart(start), end: view.originalEnd(end) });
  }
  return spans;
}

/** Read between what stands around it, for the word that says what a number is may not be encoded with it. */
function findEncoded(
  text: string,
  { start, end, text: decoded }: DecodedRun,
  recognizers: readonly Recognizer[],
): Span[] {
  const before = text.slice(Math.max(0, start - LABEL_REACH), start);
  const around = foldText(before + decoded + text.slice(end, end + LABEL_REACH));
  return find(around, recognizers).filter(
    (span) =>
      span.start >= before.length &&
      span.end <= before.length + decoded.length &&
      (span.validated || span.score >= LABELLED_SCORE),
  );
}

function covers(span: Span, run: DictatedRun): boolean {
  return span.start <= run.start && span.end >= run.end;
}

/** Nine digits that somebody took the trouble to spell are somebody's number, whatever kind it is. */
function unexplained(dictated: readonly DictatedRun[], spans: readonly Span[]): Span[] {
  return dictated
    .filter(({ digits, spelled }) => spelled && digits.length >= MIN_SPELLED && !isCounting(digits))
    .filter((run) => !spans.some((span) => span.score >= DICTATED_SCORE && covers(span, run)))
    .map(({ start, end }) => ({
      start,
      end,
      entity: 'PHONE_NUMBER',
      score: 0.6,
      recognizer: 'dictated',
      validated: false,
    }));
}

/** A part of a longer text. */
interface Piece {
  readonly text: string;
  /** Where it begins in the whole. */
  readonly offset: number;
}

/**
 * A long text as overlapping pieces, so that other work can run between two of them: whatever is shorter than the
 * overlap stands whole in at least one piece. Cuts fall between lines or words where there are any near.
 */
export function* pieces(text: string): Generator<Piece, void> {
  for (let from = 0; ;) {
    const to = from + WINDOW >= text.length ? text.length : cutBefore(text, from + WINDOW);
    yield { text: text.slice(from, to), offset: from };
    if (to === text.length) return;
    from = cutBefore(text, to - OVERLAP);
  }
}

/** The nearest place at or before `index` where no word, number or surrogate pair is cut. */
function cutBefore(text: string, index: number): number {
  const window = text.slice(index - CUT_REACH, index);
  const newline = window.lastIndexOf('\n');
  const space = newline >= 0 ? newline : window.lastIndexOf(' ');
  if (space >= 0) return index - CUT_REACH + space + 1;
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index - 1 : index;
}

/** The recognisers' findings in original offsets. */
function find(view: TextView, recognizers: readonly Recognizer[]): Span[] {
  return recognizers.flatMap((recognizer) =>
    recognizer.find(view).map((span) => ({
      ...span,
      start: view.originalStart(span.start),
      end: view.originalEnd(span.end),
    })),
  );
}
