/**
 * A stretch of an answer that is read by itself: a whole plain text; or, of JSON source, what one string says, or what
 * stands between two strings. A value that is looked for lies within one run.
 */
export interface Run {
  readonly kind: 'plain' | 'string' | 'between';
  /** What is read: of a string, its escapes undone. */
  text: string;
  /** What is let go, unit for unit of `text`; in a plain run the same. */
  source: string;
  /** Of a string with escapes: offset in `source` of each unit of `text`. */
  starts: number[] | undefined;
  ended: boolean;
}

/** Cuts what arrives into runs. */
export interface RunReader {
  /** The run that goes on and those that begin, in order. */
  push(piece: string): readonly Run[];
  /** Ends the last run; what comes after begins anew. */
  end(): readonly Run[];
}

export function createRunReader(escape: 'none' | 'json'): RunReader {
  return escape === 'json' ? new JsonRuns() : new PlainRun();
}

function newRun(kind: Run['kind']): Run {
  return { kind, text: '', source: '', starts: undefined, ended: false };
}

class PlainRun implements RunReader {
  #run = newRun('plain');
  #begun = false;

  push(piece: string): readonly Run[] {
    this.#run.text += piece;
    this.#run.source = this.#run.text;
    const fresh = !this.#begun;
    this.#begun = true;
    return fresh ? [this.#run] : [];
  }

  end(): readonly Run[] {
    this.#run.ended = true;
    this.#run = newRun('plain');
    this.#begun = false;
    return [];
  }
}

const SIMPLE: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Knows of JSON only where its strings begin and end, so it reads on through what a model got wrong: every unit is in
 * exactly one run, in order.
 */
class JsonRuns implements RunReader {
  #run: Run | undefined;
  /** An escape that is not yet whole. */
  #escape = '';

  push(piece: string): readonly Run[] {
    const fresh: Run[] = [];
    let from = 0;
    while (from < piece.length) {
      const run = (this.#run ??= opened(fresh, 'between'));
      from = run.kind === 'string' ? this.#readString(run, piece, from) : readBetween(run, piece, from);
      if (!run.ended) continue;
      // Both quotes stand between the strings.
      if (run.kind === 'between') this.#run = opened(fresh, 'string');
      else append((this.#run = opened(fresh, 'between')), '"', undefined);
    }
    return fresh;
  }

  end(): readonly Run[] {
    if (this.#run !== undefined) {
      if (this.#escape !== '') append(this.#run, this.#escape, this.#escape);
      this.#run.ended = true;
    }
    this.#run = undefined;
    this.#escape = '';
    return [];
  }

  #readString(run: Run, piece: string, from: number): number {
    let at = from;
    while (at < piece.length) {
      if (this.#escape !== '') {
        this.#escape += piece.charAt(at++);
        const said = unescaped(this.#escape);
        if (said === undefined) continue;
        append(run, said, this.#escape);
        this.#escape = '';
        continue;
      }
      const stop = nextSpecial(piece, at);
      if (stop > at) append(run, piece.slice(at, stop), undefined);
      if (piece.charAt(stop) === '"') {
        run.ended = true;
        return stop + 1;
      }
      if (stop < piece.length) this.#escape = '\\';
      at = stop + 1;
    }
    return piece.length;
  }
}

function opened(fresh: Run[], kind: Run['kind']): Run {
  const run = newRun(kind);
  fresh.push(run);
  return run;
}

function nextSpecial(piece: string, from: number): number {
  for (let at = from; at < piece.length; at++) {
    const unit = piece.charCodeAt(at);
    if (unit === 0x22 || unit === 0x5c) return at;
  }
  return piece.length;
}

/** Up to and with the quote that opens a string. */
function readBetween(run: Run, piece: string, from: number): number {
  const quote = piece.indexOf('"', from);
  const end = quote === -1 ? piece.length : quote + 1;
  append(run, piece.slice(from, end), undefined);
  run.ended = quote !== -1;
  return end;
}

/** What an escape says once it is whole; undefined before. One that JSON does not know says itself. */
function unescaped(escape: string): string | undefined {
  const kind = escape.charAt(1);
  if (kind === '') return undefined;
  if (kind !== 'u') return SIMPLE[kind] ?? ('"\\/'.includes(kind) ? kind : escape);
  if (/^\\u[0-9a-fA-F]{4}$/.test(escape)) return String.fromCharCode(parseInt(escape.slice(2), 16));
  return /^\\u[0-9a-fA-F]{0,3}$/.test(escape) ? undefined : escape;
}

function append(run: Run, said: string, source: string | undefined): void {
  if (source !== undefined && run.starts === undefined) {
    run.starts = Array.from({ length: run.text.length }, (_, i) => i);
  }
  if (run.starts !== undefined) {
    for (let i = 0; i < said.length; i++) {
      run.starts.push(run.source.length + (source === undefined ? i : 0));
    }
  }
  run.text += said;
  run.source += source ?? said;
}
