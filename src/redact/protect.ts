import { type TextSlot } from '../domain/call.ts';
import { type Handling } from '../domain/handling.ts';
import { type Revealer } from '../domain/reveal.ts';
import { type Span } from '../domain/span.ts';
import { CallMarks } from './call-marks.ts';
import { createLiteralFinder, type Literal } from './literal.ts';
import { checkEntity, LITERAL, type Naming, NO_UNIT } from './placeholder.ts';
import { readKnownMarks } from './known-marks.ts';
import { createRevealer } from './revealer.ts';

export interface ProtectOptions {
  readonly handlingOf: (entity: string) => Handling;
  /** Keyed hash of a value, as hex of twelve digits or more; `scope` keeps equal values of different kinds apart. */
  readonly pseudonym: (value: string, scope: string) => string;
  /**
   * Given when a placeholder must mean the same in other calls than this one. Numbers start anew with each call, so
   * there `<PERSON_1>` would come to mean two people; placeholders are then named after a keyed hash of their value, so
   * that over all calls of one namespace a placeholder means one value or nothing.
   */
  readonly namespace?: string | undefined;
  /**
   * Placeholder or surrogate → original of the calls that the runner remembers with this one: they are put back too,
   * and a value that has a placeholder there keeps it.
   */
  readonly known?: Readonly<Record<string, string>> | undefined;
  /** Without it, what should become a surrogate becomes a placeholder. */
  readonly surrogates?: SurrogateOptions | undefined;
  /** ISO 3166 codes of the countries whose national phone numbers are read. */
  readonly phoneRegions?: readonly string[] | undefined;
}

export interface SurrogateOptions {
  /** Within it a value has one surrogate: a caller, or one conversation of a caller's. */
  readonly scope: string;
  /** The runner remembers other calls of the scope, so a surrogate must never come to mean a second value. */
  readonly lasting: boolean;
  /** What the request declares that a replacement of this value has to be like. */
  readonly demandsOn: (value: string) => (replacement: string) => boolean;
}

export interface Protected {
  /** In the order of the slots. */
  readonly texts: readonly string[];
  /** What was done to each span, in the order of the spans. */
  readonly applied: readonly (readonly Handling[])[];
  readonly revealer: Revealer;
  /** Placeholder or surrogate → original, without prototype. */
  readonly originals: Readonly<Record<string, string>>;
  /** The same with the pieces of surrogates that are put back by themselves: what a stored answer is read with later. */
  readonly kept: () => Readonly<Record<string, string>>;
  /** Pointers of the slots that changed. */
  readonly transformed: readonly string[];
}

/**
 * Rewrites every slot as the handling of its spans asks. `spans[i]` belong to `slots[i]`: sorted, disjoint, inside
 * the text. TypeError on spans that are not, and on `block`: a call to be blocked never comes here.
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
  const call = new ProtectedCall(slots, handlings, options);
  const texts = slots.map((slot, i) => call.rewritten(slot, spans[i] ?? []));
  return {
    texts,
    applied: call.applied,
    revealer: call.revealer(),
    originals: call.marks.originals,
    kept: () => call.marks.kept(),
    transformed: slots.filter((slot, i) => slot.text !== texts[i]).map((slot) => slot.pointer),
  };
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
    if (handling === 'block') throw new TypeError('protect cannot apply the handling block');
    handlings.set(span.entity, handling);
  }
}

class ProtectedCall {
  readonly applied: Handling[][] = [];
  readonly marks: CallMarks;
  readonly #handlings: ReadonlyMap<string, Handling>;
  readonly #findLiterals: (text: string) => readonly Literal[];
  readonly #options: ProtectOptions;
  readonly #entities: readonly string[];
  readonly #naming: Naming;

  constructor(slots: readonly TextSlot[], handlings: ReadonlyMap<string, Handling>, options: ProtectOptions) {
    const marked = [...handlings].filter(([, handling]) => handling !== 'disclose');
    const known = readKnownMarks(options.known ?? {});
    const restored =
      known.placeholders.length > 0 ||
      marked.some(([, handling]) => handling === 'pseudonymise' || handling === 'surrogate');
    // Where nothing is put back, as in embeddings, no number may depend on what else the call says.
    const naming = options.namespace === undefined && restored ? 'number' : 'hash';
    // A call without a text of its own, as one for what is stored, makes no marks: it reads those that were made.
    const makesNone = slots.every(({ kind }) => kind !== 'text');
    this.#naming = makesNone ? (known.naming ?? naming) : naming;
    this.#handlings = handlings;
    const entities = [...marked.map(([entity]) => entity), ...known.placeholders.map(({ entity }) => entity)];
    this.#entities = [...new Set([...entities, LITERAL])];
    // Where neither this call nor those it builds on leave marks, nothing can pass for one.
    this.#findLiterals = entities.length === 0 ? () => [] : createLiteralFinder(this.#entities, this.#naming);
    this.#options = options;
    this.marks = new CallMarks(slots, this.#naming, options, known);
  }

  rewritten(slot: TextSlot, spans: readonly Span[]): string {
    const applied: Handling[] = [];
    this.applied.push(applied);
    if (slot.kind === 'fixed') {
      applied.push(...spans.map((): Handling => 'disclose'));
      return slot.text;
    }
    if (slot.kind === 'identifier') {
      return slot.text === '' ? '' : this.#options.pseudonym(slot.text, 'identifier');
    }
    const { text } = slot;
    let out = '';
    let from = 0;
    let before = NO_UNIT;
    for (const [i, span] of spans.entries()) {
      const handling = this.#handlings.get(span.entity) ?? 'mask';
      if (handling === 'disclose') {
        applied.push(handling);
        continue;
      }
      const plain = this.#plain(text.slice(from, span.start));
      // Of the pieces and not of `out`, which would be put together anew for every look at its end.
      if (plain !== '') before = unitAt(plain, plain.length - 1);
      from = span.end;
      // A mark that follows at once could begin with anything.
      const after = spans[i + 1]?.start === span.end ? 0x61 : unitAt(text, span.end);
      const mark = this.marks.markOf(span.entity, text.slice(span.start, span.end), handling, {
        before,
        after,
      });
      out += plain + mark.text;
      before = unitAt(mark.text, mark.text.length - 1);
      applied.push(mark.handling);
    }
    return out + this.#plain(text.slice(from));
  }

  revealer(): Revealer {
    return createRevealer(this.marks.values, this.#entities, this.#naming, this.marks.surrogates());
  }

  /** Text between marks, with what looks like a mark taken out of the model's and the caller's reach. */
  #plain(text: string): string {
    let out = '';
    let from = 0;
    for (const { start, end } of this.#findLiterals(text)) {
      out += text.slice(from, start) + this.marks.literal(text.slice(start, end));
      from = end;
    }
    return from === 0 ? text : out + text.slice(from);
  }
}

function unitAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? text.charCodeAt(at) : NO_UNIT;
}
