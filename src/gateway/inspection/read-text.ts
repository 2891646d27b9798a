import { type Span } from '../../domain/span.ts';
import { type Cut, type CutOptions, nextCut } from './cuts.ts';
import { LABELLED } from './quiet.ts';
import { createRunReader, type Run, type RunReader } from './runs.ts';

/** A span that is to be replaced, in offsets of its run, and what stands there instead: no quote, no backslash. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What one part of a text says, as the judge of it sees it. */
export interface Part {
  /** The text read, with what came before and what follows. */
  readonly window: string;
  /** Where the part lies in the window. */
  readonly from: number;
  readonly to: number;
  /** Offset of the window in the whole text. */
  readonly offset: number;
  /** In offsets of the window; those that reach into the part. */
  readonly spans: readonly Span[];
}

export interface ReadTextOptions extends CutOptions {
  /** Spans of each text. Rejects when they cannot be told. */
  readonly detect: (texts: readonly string[]) => Promise<readonly (readonly Span[])[]>;
  /** True for a span that may be replaced, and so must not be let go in part. */
  readonly matters: (span: Span, window: string) => boolean;
  /** What is to be replaced in a part, in offsets of its window, sorted and disjoint. Throws to end the answer. */
  readonly judge: (part: Part) => readonly Replacement[];
}

/** Text before a part that is read with it: labels stand there. */
const BEFORE = 128;
/** A span that goes on for longer is let go in parts, each of them replaced. */
const MAX_HELD = 16_384;
const COMPACTED = 4096;
/** Parts that are read at once when there is so much text. */
const MAX_BATCH = 16;
const STRUCTURE = /[\s{}[\],:"]*/y;
/** A unit of a number or a word of JSON. */
const SCALAR = /[^\s{}[\],:"]/;

/**
 * One text of an answer on its way to the caller, in pieces or whole. What comes out depends on the text alone: it is
 * cut at places of its own (cuts.ts), each part is read with what surrounds it, and let go when nothing in it can
 * still become part of a span. Holds at most a window, or a span of MAX_HELD units, beside the last piece.
 */
export class TextReading {
  readonly #options: ReadTextOptions;
  readonly #reader: RunReader;
  readonly #runs: Run[] = [];
  /** Of the first run: everything before has been let go. */
  #at = 0;
  #least = 0;
  /** End of the text before the first run. */
  #before = '';
  /** Offset of the first run in the whole text. */
  #offset = 0;

  constructor(escape: 'none' | 'json', options: ReadTextOptions) {
    this.#options = options;
    this.#reader = createRunReader(escape);
  }

  /** UTF-16 units that have come and have not been let go. */
  get held(): number {
    return this.#runs.reduce((sum, { text }) => sum + text.length, -this.#at);
  }

  push(piece: string): Promise<string> {
    this.#runs.push(...this.#reader.push(piece));
    return this.#drain();
  }

  /** A text that is there at once. */
  whole(text: string): Promise<string> {
    this.#runs.push(...this.#reader.push(text));
    return this.end();
  }

  /** The rest; a later push begins a new text. */
  async end(): Promise<string> {
    this.#reader.end();
    const rest = await this.#drain();
    this.#before = '';
    this.#offset = 0;
    return rest;
  }

  async #drain(): Promise<string> {
    const out: string[] = [];
    for (let run = this.#runs[0]; run !== undefined; run = this.#runs[0]) {
      const cuts = this.#plan(run);
      if (cuts.length === 0) {
        if (!run.ended || this.#at < run.text.length) break;
        this.#leave(run);
        continue;
      }
      await this.#release(run, cuts, out);
      this.#compact(run);
    }
    return out.join('');
  }

  /** The next cuts of the run, as far as they can be told without having read anything. */
  #plan(run: Run): readonly Planned[] {
    const cuts: Planned[] = [];
    let least = this.#least;
    for (let from = this.#at; from < run.text.length && cuts.length < MAX_BATCH;) {
      const cut =
        (least === 0 ? structureCut(run, from) : undefined) ??
        nextCut(run.text, from, run.ended, least, this.#options, from < LABELLED ? this.#before : '');
      if (cut === undefined) break;
      cuts.push({ ...cut, from });
      from = cut.to;
      least = 0;
    }
    return cuts;
  }

  async #release(run: Run, cuts: readonly Planned[], out: string[]): Promise<void> {
    const read = cuts.filter((cut) => cut.read);
    const windows = read.map((cut) => this.#window(run, cut));
    const found = read.length === 0 ? [] : await this.#options.detect(windows.map(({ text }) => text));
    for (const cut of cuts) {
      const i = read.indexOf(cut);
      const window = windows[i];
      if (window === undefined) {
        out.push(sourceOf(run, cut.from, cut.to));
        this.#advance(cut.to, 0);
        continue;
      }
      const spans = (found[i] ?? []).filter((span) => window.offset + span.end > cut.from);
      const settled = this.#settle(run, cut, window, spans);
      if (settled.to > cut.from) out.push(this.#replaced(run, cut.from, settled.to, window, spans));
      this.#advance(settled.to, settled.least);
      // What was planned behind a cut that has moved begins at another place now.
      if (settled.to !== cut.to) return;
    }
  }

  /** Moves the cut out of a span that it would divide, or asks for more text to see the span's end. */
  #settle(
    run: Run,
    cut: Planned,
    { text, offset }: Window,
    spans: readonly Span[],
  ): { readonly to: number; readonly least: number } {
    const { from, to, look } = cut;
    const isEnd = run.ended && look === run.text.length;
    for (const span of spans) {
      const start = span.start + offset;
      const end = span.end + offset;
      const grows = end === look && !isEnd;
      if (start >= to || (end <= to && !grows) || !this.#options.matters(span, text)) continue;
      if (start > from) return { to: start, least: 1 };
      if (!grows) return { to: end, least: 0 };
      if (look - from >= MAX_HELD) return { to: look, least: 0 };
      return { to: from, least: Math.min(MAX_HELD, 2 * (look - from)) };
    }
    return { to, least: 0 };
  }

  #replaced(run: Run, from: number, to: number, window: Window, spans: readonly Span[]): string {
    const part = {
      window: window.text,
      from: from - window.offset,
      to: to - window.offset,
      offset: this.#offset + window.offset,
      spans: spans.filter((span) => window.offset + span.start < to),
    };
    let out = '';
    let at = from;
    for (const { start, end, text } of this.#options.judge(part)) {
      let first = Math.max(at, window.offset + start);
      let last = Math.min(to, window.offset + end);
      if (last <= first) continue;
      if (run.kind === 'between') {
        while (first > at && SCALAR.test(run.text.charAt(first - 1))) first--;
        while (last < to && SCALAR.test(run.text.charAt(last))) last++;
      }
      out += sourceOf(run, at, first);
      out += run.kind === 'between' ? quoted(sourceOf(run, first, last), text) : text;
      at = last;
    }
    return out + sourceOf(run, at, to);
  }

  /** What is read for a part: the end of what came before, the part, and what follows as far as the cut looks. */
  #window(run: Run, { from, look }: Planned): Window {
    const here = Math.max(0, from - BEFORE);
    const earlier = this.#before.slice(Math.max(0, this.#before.length - (BEFORE - (from - here))));
    const before = wholeWords(earlier + run.text.slice(here, from));
    return { text: before + run.text.slice(from, look), offset: from - before.length };
  }

  #advance(to: number, least: number): void {
    this.#at = to;
    this.#least = least;
  }

  #leave(run: Run): void {
    this.#before = (this.#before + run.text).slice(-BEFORE);
    this.#offset += run.text.length;
    this.#runs.shift();
    this.#advance(0, 0);
  }

  /** Forgets what was let go, but for what is read with the next part. Seldom, so that it costs no more than reading. */
  #compact(run: Run): void {
    const gone = this.#at - BEFORE;
    if (gone < COMPACTED || 2 * gone < run.text.length) return;
    const base = run.starts?.[gone] ?? gone;
    run.text = run.text.slice(gone);
    run.source = run.source.slice(base);
    run.starts = run.starts?.slice(gone).map((start) => start - base);
    this.#offset += gone;
    this.#at -= gone;
  }
}

interface Planned extends Cut {
  readonly from: number;
}

interface Window {
  readonly text: string;
  /** In the run; negative when the window begins before it. */
  readonly offset: number;
}

/** JSON's own signs between two strings are nobody's. */
function structureCut(run: Run, from: number): Cut | undefined {
  if (run.kind !== 'between') return undefined;
  STRUCTURE.lastIndex = from;
  const to = from + (STRUCTURE.exec(run.text)?.[0].length ?? 0);
  return to > from ? { to, look: to, read: false } : undefined;
}

/** Without the word that the beginning may have cut: half a number is another number. */
function wholeWords(text: string): string {
  if (text.length < BEFORE) return text;
  return text.slice(Math.max(0, text.search(/[^\p{L}\p{N}]|[^\0-\u2fff]/u)));
}

function sourceOf({ source, starts }: Run, from: number, to: number): string {
  if (starts === undefined) return source.slice(from, to);
  return source.slice(starts[from] ?? source.length, starts[to] ?? source.length);
}

/** Outside a string only a string can stand for a value; what separates several values stays. */
function quoted(source: string, text: string): string {
  return source.replace(/[^\s{}[\],:"]+/g, `"${text}"`);
}
