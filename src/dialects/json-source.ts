export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** A string of the source: UTF-16 offsets of its quotes (`end` is behind the closing one) and what it says. */
export interface JsonString {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

export interface JsonRange {
  readonly start: number;
  readonly end: number;
}

/** Says where and why, never what: the source is a prompt. */
export class JsonSourceError extends Error {
  override readonly name = 'JsonSourceError';
  readonly reason: 'syntax' | 'too_deep' | 'too_many_values' | 'duplicate_key' | 'lone_surrogate';
  readonly offset: number;

  constructor(reason: JsonSourceError['reason'], offset: number) {
    super(`${reason} at offset ${offset}`);
    this.reason = reason;
    this.offset = offset;
  }
}

export interface JsonReaderOptions {
  readonly maxDepth: number;
  /** Elements and members together: ten megabytes of `0,` would keep a process busy for seconds. */
  readonly maxValues: number;
  /**
   * `refuse` for what callers send: half a character has no UTF-8 form, so two readers may see two texts.
   * `keep` for what models send: runners split a character over two events.
   */
  readonly loneSurrogates: 'refuse' | 'keep';
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Reads JSON (RFC 8259, strictly) front to back and tells where each thing stands, so that a part can be replaced
 * and all the rest stay as it came: JSON.parse would lose `1.0`, 12345678901234567890, key order and escapes.
 * Duplicate keys are refused, because a reader that takes the first and one that takes the last see two requests.
 * Time is linear in the source: each search for a quote, a backslash or a control character starts where the last
 * one ended. Keys only ever enter a Set, so `__proto__` is a name like any other.
 */
export class JsonReader {
  readonly source: string;
  readonly #options: JsonReaderOptions;
  readonly #number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
  readonly #control = /[^\u0020-\uffff]/g;
  #at = 0;
  #depth = 0;
  #values = 0;
  #nextBackslash = -1;
  #nextControl = -1;

  constructor(source: string, options: JsonReaderOptions) {
    this.source = source;
    this.#options = options;
    if (options.loneSurrogates === 'refuse') {
      const offset = source.search(LONE_SURROGATE);
      if (offset !== -1) throw new JsonSourceError('lone_surrogate', offset);
    }
  }

  /** Offset of the next unread unit. */
  get offset(): number {
    return this.#at;
  }

  /** The kind of the value that comes next, judged by its first character. */
  kind(): JsonKind {
    this.#skipSpace();
    const unit = this.source.charCodeAt(this.#at);
    switch (unit) {
      case 0x7b:
        return 'object';
      case 0x5b:
        return 'array';
      case 0x22:
        return 'string';
      case 0x74:
      case 0x66:
        return 'boolean';
      case 0x6e:
        return 'null';
      default:
        if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) return 'number';
        throw this.#fail();
    }
  }

  string(): JsonString {
    this.#skipSpace();
    const start = this.#at;
    const escaped = this.#passString();
    const end = this.#at;
    if (!escaped) return { start, end, value: this.source.slice(start + 1, end - 1) };
    const value: unknown = JSON.parse(this.source.slice(start, end));
    if (typeof value !== 'string') throw new JsonSourceError('syntax', start);
    if (this.#options.loneSurrogates === 'refuse' && LONE_SURROGATE.test(value)) {
      throw new JsonSourceError('lone_surrogate', start);
    }
    return { start, end, value };
  }

  number(): JsonRange {
    this.#skipSpace();
    const start = this.#at;
    this.#number.lastIndex = start;
    if (!this.#number.test(this.source)) throw this.#fail();
    this.#at = this.#number.lastIndex;
    return { start, end: this.#at };
  }

  boolean(): boolean {
    this.#skipSpace();
    if (this.#passWord('true')) return true;
    if (this.#passWord('false')) return false;
    throw this.#fail();
  }

  null(): void {
    this.#skipSpace();
    if (!this.#passWord('null')) throw this.#fail();
  }

  /** `visit` is called behind each key and must read exactly one value. */
  object(visit: (key: JsonString) => void): void {
    this.#open(0x7b);
    if (this.#close(0x7d)) return;
    const seen = new Set<string>();
    do {
      this.#count();
      const key = this.string();
      if (seen.has(key.value)) throw new JsonSourceError('duplicate_key', key.start);
      seen.add(key.value);
      this.#pass(0x3a);
      visit(key);
    } while (this.#more(0x7d));
  }

  /** `visit` is called before each element and must read exactly one value. */
  array(visit: (index: number) => void): void {
    this.#open(0x5b);
    if (this.#close(0x5d)) return;
    let index = 0;
    do {
      this.#count();
      visit(index++);
    } while (this.#more(0x5d));
  }

  /**
   * What the member `name` of the object at the cursor says, where that is a string; the cursor stays. Keys after it
   * are not looked at: who reads the object afterwards finds a second one.
   */
  peekString(name: string): string | undefined {
    const state = [this.#at, this.#depth, this.#values, this.#nextBackslash, this.#nextControl] as const;
    try {
      this.#open(0x7b);
      if (this.#close(0x7d)) return undefined;
      do {
        const key = this.string().value;
        this.#pass(0x3a);
        if (key === name) return this.kind() === 'string' ? this.string().value : undefined;
        this.skip();
      } while (this.#more(0x7d));
      return undefined;
    } finally {
      [this.#at, this.#depth, this.#values, this.#nextBackslash, this.#nextControl] = state;
    }
  }

  /** Reads one value of any kind, checking it like any other. */
  skip(): JsonRange {
    const kind = this.kind();
    const start = this.#at;
    if (kind === 'string') this.#passString();
    else if (kind === 'number') this.number();
    else if (kind === 'boolean') this.boolean();
    else if (kind === 'null') this.null();
    else if (kind === 'array') this.array(() => this.skip());
    else this.object(() => this.skip());
    return { start, end: this.#at };
  }

  /** Throws when anything but white space follows. */
  end(): void {
    this.#skipSpace();
    if (this.#at !== this.source.length) throw this.#fail();
  }

  #count(): void {
    if (++this.#values > this.#options.maxValues) throw new JsonSourceError('too_many_values', this.#at);
  }

  #fail(): JsonSourceError {
    return new JsonSourceError('syntax', this.#at);
  }

  #skipSpace(): void {
    for (;;) {
      const unit = this.source.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at++;
    }
  }

  #pass(unit: number): void {
    this.#skipSpace();
    if (this.source.charCodeAt(this.#at) !== unit) throw this.#fail();
    this.#at++;
  }

  #passWord(word: string): boolean {
    if (!this.source.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #open(unit: number): void {
    this.#pass(unit);
    if (++this.#depth > this.#options.maxDepth) throw new JsonSourceError('too_deep', this.#at - 1);
  }

  #close(unit: number): boolean {
    this.#skipSpace();
    if (this.source.charCodeAt(this.#at) !== unit) return false;
    this.#at++;
    this.#depth--;
    return true;
  }

  #more(closing: number): boolean {
    if (this.#close(closing)) return false;
    this.#pass(0x2c);
    return true;
  }

  /** Passes the string at the cursor; true when it has escapes. */
  #passString(): boolean {
    const { source } = this;
    if (source.charCodeAt(this.#at) !== 0x22) throw this.#fail();
    const start = this.#at + 1;
    let at = start;
    let quote = source.indexOf('"', at);
    while (quote !== -1) {
      const backslash = this.#backslashFrom(at);
      if (backslash > quote) {
        if (this.#controlFrom(start) < quote) throw new JsonSourceError('syntax', this.#nextControl);
        this.#at = quote + 1;
        return at !== start;
      }
      at = this.#escapeEnd(backslash);
      if (quote < at) quote = source.indexOf('"', at);
    }
    throw new JsonSourceError('syntax', source.length);
  }

  #escapeEnd(backslash: number): number {
    switch (this.source.charAt(backslash + 1)) {
      case '"':
      case '\\':
      case '/':
      case 'b':
      case 'f':
      case 'n':
      case 'r':
      case 't':
        return backslash + 2;
      case 'u':
        if (/^[0-9a-fA-F]{4}$/.test(this.source.slice(backslash + 2, backslash + 6))) return backslash + 6;
    }
    throw new JsonSourceError('syntax', backslash);
  }

  #backslashFrom(at: number): number {
    if (this.#nextBackslash < at) {
      const found = this.source.indexOf('\\', at);
      this.#nextBackslash = found === -1 ? this.source.length : found;
    }
    return this.#nextBackslash;
  }

  #controlFrom(at: number): number {
    if (this.#nextControl < at) {
      this.#control.lastIndex = at;
      this.#nextControl = this.#control.exec(this.source)?.index ?? this.source.length;
    }
    return this.#nextControl;
  }
}
