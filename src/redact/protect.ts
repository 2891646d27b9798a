import { type TextSlot } from '../domain/call.ts';
import { type Handling } from '../domain/handling.ts';
import { type Revealer } from '../domain/reveal.ts';
import { type Span } from '../domain/span.ts';
import { createLiteralFinder, type Literal } from './literal.ts';
import {
  checkEntity,
  HASH_DIGITS,
  hashMark,
  LITERAL,
  mask,
  type Naming,
  placeholder,
} from './placeholder.ts';
import { createRevealer } from './revealer.ts';

export interface ProtectOptions {
  readonly handlingOf: (entity: string) => Handling;
  /** Keyed hash of a value, as short hex; `scope` keeps equal values of different kinds apart. */
  readonly pseudonym: (value: string, scope: string) => string;
  /**
   * Given when the runner remembers other calls than this one. Numbers start anew with each call, so there `<PERSON_1>`
   * would come to mean two people; placeholders are then named after a keyed hash of their value, so that over all
   * calls of one namespace a placeholder means one value or nothing.
   */
  readonly namespace?: string | undefined;
  /**
   * Placeholder → original of the calls that the runner remembers with this one: they are put back too, and a value
   * that has a placeholder there keeps it.
   */
  readonly known?: Readonly<Record<string, string>> | undefined;
}

export interface Protected {
  /** In the order of the slots. */
  readonly texts: readonly string[];
  readonly revealer: Revealer;
  /** Placeholder → original, without prototype. */
  readonly originals: Readonly<Record<string, string>>;
  /** Pointers of the slots that changed. */
  readonly transformed: readonly string[];
}

/**
 * Rewrites every slot as the handling of its spans asks. `spans[i]` belong to `slots[i]`: sorted, disjoint, inside
 * the text. TypeError on spans that are not, and on `block` or `surrogate`: a call to be blocked never comes here.
 */
export function protect(
  slots: readonly TextSlot[],
  spans: readonly (readonly Span[])[],
  options: ProtectOptions,
): Protected {
  if (slots.length !== spans.length) throw new TypeError('protect needs one list of spans for each slot');
  const handlings = new Map<string, Handling>();
  slots.forEach((slot, i) => {
    if (slot.kind === 'text') readHandlings(slot.text, spans[i] ?? [], options, handlings);
  });
  const known = readKnown(options.known ?? {});
  const marked = [
    ...new Set([
      ...[...handlings].filter(([, handling]) => handling !== 'disclose').map(([entity]) => entity),
      ...known.map(({ entity }) => entity),
    ]),
  ];
  const naming = options.namespace === undefined ? 'number' : 'hash';
  const call = new ProtectedCall(handlings, marked, naming, options, known);
  const texts = slots.map((slot, i) => call.rewritten(slot, spans[i] ?? []));
  return {
    texts,
    revealer: createRevealer(call.values, [...marked, LITERAL], naming),
    originals: call.originals,
    transformed: slots.filter((slot, i) => slot.text !== texts[i]).map((slot) => slot.pointer),
  };
}

interface KnownPlaceholder {
  readonly entity: string;
  /** Canonical: `PERSON_1`. */
  readonly name: string;
  readonly made: string;
  readonly value: string;
}

const PLACEHOLDER = /^<(([A-Z][A-Z0-9_]{0,63})_[0-9a-f]{1,12})>$/;

function readKnown(known: Readonly<Record<string, string>>): readonly KnownPlaceholder[] {
  return Object.entries(known).flatMap(([made, value]) => {
    const [, name, entity] = PLACEHOLDER.exec(made) ?? [];
    return name === undefined || entity === undefined ? [] : [{ entity, name, made, value }];
  });
}

/** Checks the spans of a text and notes how their entities are handled. */
function readHandlings(
  text: string,
  spans: readonly Span[],
  options: ProtectOptions,
  handlings: Map<string, Handling>,
): void {
  let end = 0;
  for (const span of spans) {
    if (!(span.start >= end && span.end > span.start && span.end <= text.length)) {
      throw new TypeError('spans must be sorted, disjoint and inside their text');
    }
    end = span.end;
    if (handlings.has(span.entity)) continue;
    checkEntity(span.entity);
    const handling = options.handlingOf(span.entity);
    if (handling === 'block' || handling === 'surrogate') {
      throw new TypeError(`protect cannot apply the handling ${handling}`);
    }
    handlings.set(span.entity, handling);
  }
}

/** A second round is for a collision of 48 bits; more of them are a broken hash. */
const MAX_ROUNDS = 32;

class ProtectedCall {
  readonly originals: Record<string, string> = Object.create(null) as Record<string, string>;
  /** Canonical name → original, for restoring. */
  readonly values = new Map<string, string>();
  readonly #handlings: ReadonlyMap<string, Handling>;
  readonly #findLiterals: (text: string) => readonly Literal[];
  readonly #options: ProtectOptions;
  readonly #counts = new Map<string, number>();
  readonly #minted = new Map<string, string>();
  readonly #literals = new Map<string, string>();
  readonly #known = new Map<string, string>();
  readonly #knownLiterals = new Map<string, string>();

  constructor(
    handlings: ReadonlyMap<string, Handling>,
    marked: readonly string[],
    naming: Naming,
    options: ProtectOptions,
    known: readonly KnownPlaceholder[],
  ) {
    for (const { entity, name, made, value } of known) {
      this.values.set(name, value);
      (entity === LITERAL ? this.#knownLiterals : this.#known).set(value, made);
    }
    this.#handlings = handlings;
    // Where this call leaves no marks, nothing can pass for one.
    this.#findLiterals = marked.length === 0 ? () => [] : createLiteralFinder([...marked, LITERAL], naming);
    this.#options = options;
  }

  rewritten(slot: TextSlot, spans: readonly Span[]): string {
    if (slot.kind === 'fixed') return slot.text;
    if (slot.kind === 'identifier') {
      return slot.text === '' ? '' : this.#options.pseudonym(slot.text, 'identifier');
    }
    let out = '';
    let from = 0;
    for (const span of spans) {
      if (this.#handlings.get(span.entity) === 'disclose') continue;
      out += this.#plain(slot.text.slice(from, span.start)) + this.#mark(slot.text, span);
      from = span.end;
    }
    return out + this.#plain(slot.text.slice(from));
  }

  #mark(text: string, { start, end, entity }: Span): string {
    const value = text.slice(start, end);
    const handling = this.#handlings.get(entity);
    if (handling === 'hash') return hashMark(entity, this.#options.pseudonym(value, entity));
    if (handling === 'mask') return mask(entity);
    return this.#mint(this.#minted, entity, value);
  }

  /** Text between marks, with what looks like a mark taken out of the model's and the caller's reach. */
  #plain(text: string): string {
    let out = '';
    let from = 0;
    for (const { start, end } of this.#findLiterals(text)) {
      out += text.slice(from, start) + this.#mint(this.#literals, LITERAL, text.slice(start, end));
      from = end;
    }
    return from === 0 ? text : out + text.slice(from);
  }

  #mint(known: Map<string, string>, entity: string, value: string): string {
    const minted = known.get(value);
    if (minted !== undefined) return minted;
    const former = (entity === LITERAL ? this.#knownLiterals : this.#known).get(value);
    if (former !== undefined) {
      known.set(value, former);
      this.originals[former] = value;
      return former;
    }
    const name = this.#nameFor(entity, value);
    const made = placeholder(entity, name);
    known.set(value, made);
    this.values.set(`${entity}_${name}`, value);
    this.originals[made] = value;
    return made;
  }

  #nameFor(entity: string, value: string): string {
    const { namespace } = this.#options;
    if (namespace === undefined) {
      const n = (this.#counts.get(entity) ?? 0) + 1;
      this.#counts.set(entity, n);
      return `${n}`;
    }
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const scope = JSON.stringify(['placeholder', namespace, entity, round]);
      const name = this.#options.pseudonym(value, scope).slice(0, HASH_DIGITS).padStart(HASH_DIGITS, '0');
      if (!this.values.has(`${entity}_${name}`)) return name;
    }
    throw new TypeError('pseudonym does not tell values apart');
  }
}
