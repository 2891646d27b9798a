/** Letters of `true`, `false`, `null` and of numbers. */
const SCALAR = /[\d.+\-eEtrufalsn]/;
const SPACE = /\s/;
/** JSON within JSON within JSON … as deep as anybody writes it; each level doubles the backslashes. */
const MAX_DEPTH = 6;
const SIMPLE: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * How often what is put into JSON source at this place has to be escaped: once in a string, twice in a string of JSON
 * that is a string of JSON, and so on. Reads what comes before, in any pieces. A string counts as JSON as long as it
 * begins with an object or a list and goes on like one; prose in braces soon does not.
 */
export class JsonDepth {
  readonly #level: number;
  /** For each open list and object, its kind. */
  readonly #open: string[] = [];
  #mayBegin = true;
  #inString = false;
  #escape = '';
  /** What the string says, read as JSON; null when it is none, undefined before its first sign. */
  #inner: JsonDepth | null | undefined;
  /** False once what was read cannot be JSON. */
  #sound = true;

  constructor(level = 1) {
    this.#level = level;
  }

  /** One or more. */
  get depth(): number {
    return this.#inString && this.#inner?.inString === true ? 1 + this.#inner.depth : 1;
  }

  get inString(): boolean {
    return this.#inString;
  }

  push(text: string): void {
    for (let at = 0; at < text.length; at++) this.#unit(text.charAt(at));
  }

  #unit(unit: string): void {
    if (!this.#inString) this.#between(unit);
    else if (this.#escape !== '') this.#escaped(unit);
    else if (unit === '\\') this.#escape = unit;
    else if (unit === '"') {
      this.#inString = false;
      this.#inner = undefined;
    } else this.#said(unit);
  }

  #escaped(unit: string): void {
    this.#escape += unit;
    const kind = this.#escape.charAt(1);
    if (kind === 'u' && this.#escape.length < 6) return;
    const code = Number.parseInt(this.#escape.slice(2), 16);
    const said = kind === 'u' ? String.fromCharCode(code || 0xfffd) : (SIMPLE[kind] ?? kind);
    this.#escape = '';
    this.#said(said);
  }

  /** A unit of what the string says. */
  #said(unit: string): void {
    if (this.#inner === null) return;
    if (this.#inner === undefined) {
      if (SPACE.test(unit)) return;
      const begins = this.#level < MAX_DEPTH && (unit === '{' || unit === '[');
      this.#inner = begins ? new JsonDepth(this.#level + 1) : null;
    }
    this.#inner?.push(unit);
    if (this.#inner?.isSound === false) this.#inner = null;
  }

  get isSound(): boolean {
    return this.#sound;
  }

  #between(unit: string): void {
    if (SPACE.test(unit)) return;
    if (unit === '"') {
      this.#sound &&= this.#mayBegin;
      this.#inString = true;
      this.#mayBegin = false;
    } else if (unit === '{' || unit === '[') {
      this.#sound &&= this.#mayBegin;
      this.#open.push(unit);
      this.#mayBegin = true;
    } else if (unit === '}' || unit === ']') {
      this.#sound &&= this.#open.pop() === (unit === '}' ? '{' : '[');
      this.#mayBegin = false;
    } else if (unit === ',' || unit === ':') {
      this.#sound &&= this.#open.length > 0;
      this.#mayBegin = true;
    } else {
      this.#sound &&= SCALAR.test(unit) && this.#open.length > 0;
      this.#mayBegin = false;
    }
  }
}
