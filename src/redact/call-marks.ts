import { type TextSlot } from '../domain/call.ts';
import { type Handling } from '../domain/handling.ts';
import { canonicalValue } from './canonical.ts';
import { type KnownMarks } from './known-marks.ts';
import { maskOf } from './mask.ts';
import { HASH_DIGITS, hashMark, LITERAL, type Naming, placeholder } from './placeholder.ts';
import { type ProtectOptions } from './protect.ts';
import { isWordly } from './surrogates/fold.ts';
import { createGenerators } from './surrogates/generators.ts';
import { SurrogateMint } from './surrogates/mint.ts';
import { SaidTexts } from './surrogates/said.ts';

export interface Mark {
  readonly text: string;
  /** What was done, which is not what was asked where there is no surrogate. */
  readonly handling: Handling;
}

/** The units on both sides of a mark. */
export interface Edges {
  readonly before: number;
  readonly after: number;
}

/** A second round is for a collision of 48 bits; more of them are a broken hash. */
const MAX_ROUNDS = 32;

/** Everything that stands for something in one call. */
export class CallMarks {
  readonly originals: Record<string, string> = Object.create(null) as Record<string, string>;
  /** Canonical name → original, for restoring. */
  readonly values = new Map<string, string>();
  readonly #slots: readonly TextSlot[];
  readonly #naming: Naming;
  readonly #options: ProtectOptions;
  readonly #counts = new Map<string, number>();
  readonly #placeholders = new Map<string, string>();
  readonly #literals = new Map<string, string>();
  readonly #hashes = new Map<string, string>();
  /** Undefined for values that have none; apart, because a placeholder asked for may do without. */
  readonly #surrogates = {
    pseudonymise: new Map<string, string | undefined>(),
    surrogate: new Map<string, string | undefined>(),
  };
  #mint: SurrogateMint | undefined;

  readonly #known: KnownMarks;
  readonly #knownPlaceholders = new Map<string, string>();
  readonly #knownLiterals = new Map<string, string>();

  constructor(slots: readonly TextSlot[], naming: Naming, options: ProtectOptions, known: KnownMarks) {
    this.#slots = slots;
    this.#naming = naming;
    this.#options = options;
    this.#known = known;
    for (const { entity, name, made, value } of known.placeholders) {
      this.values.set(name, value);
      (entity === LITERAL ? this.#knownLiterals : this.#knownPlaceholders).set(value, made);
    }
  }

  markOf(entity: string, value: string, handling: Handling, edges: Edges): Mark {
    if (handling === 'hash') return { text: this.#hash(entity, value), handling };
    if (handling !== 'pseudonymise' && handling !== 'surrogate') {
      return { text: maskOf(entity, value), handling: 'mask' };
    }
    const surrogate = this.#surrogate(entity, value, handling);
    if (surrogate !== undefined && standsApart(surrogate, edges))
      return { text: surrogate, handling: 'surrogate' };
    return { text: this.#placeholder(this.#placeholders, entity, value), handling: 'pseudonymise' };
  }

  /** Stands for text of the caller's that looks like a mark. */
  literal(text: string): string {
    return this.#placeholder(this.#literals, LITERAL, text);
  }

  /** Surrogates and pieces of them, with what is put back for each. */
  surrogates(): ReadonlyMap<string, string> {
    return new Map([...this.#known.surrogates, ...(this.#mint?.values() ?? [])]);
  }

  kept(): Readonly<Record<string, string>> {
    // Where other calls build on this one, a piece might come to mean somebody else.
    if (this.#mint === undefined || this.#options.surrogates?.lasting === true) return this.originals;
    return { ...Object.fromEntries(this.#mint.values()), ...this.originals };
  }

  /** Equal values of one tenant have equal hashes, however they are printed. */
  #hash(entity: string, value: string): string {
    const key = JSON.stringify([entity, value]);
    const known = this.#hashes.get(key);
    if (known !== undefined) return known;
    const canonical = canonicalValue(entity, value, this.#options.phoneRegions ?? []);
    const made = hashMark(entity, this.#options.pseudonym(canonical, entity));
    this.#hashes.set(key, made);
    return made;
  }

  /** A surrogate where one is asked for, or where the request declares a form that no placeholder has. */
  #surrogate(entity: string, value: string, handling: 'pseudonymise' | 'surrogate'): string | undefined {
    const { surrogates } = this.#options;
    if (surrogates === undefined) return undefined;
    const known = this.#surrogates[handling];
    if (known.has(value)) return known.get(value);
    const fits = surrogates.demandsOn(value);
    const wanted = handling === 'surrogate' || !fits(placeholder(entity, 1));
    const made = wanted ? this.#mintFor(surrogates).mint(entity, value, fits) : undefined;
    known.set(value, made);
    if (made !== undefined) this.originals[made] = value;
    return made;
  }

  #mintFor({ scope, lasting }: NonNullable<ProtectOptions['surrogates']>): SurrogateMint {
    this.#mint ??= new SurrogateMint({
      seed: (text, purpose) => this.#options.pseudonym(text, JSON.stringify(['surrogate', scope, purpose])),
      generators: createGenerators(this.#options.phoneRegions ?? []),
      said: new SaidTexts(this.#slots.map(({ text }) => text)),
      lasting,
    });
    return this.#mint;
  }

  #placeholder(known: Map<string, string>, entity: string, value: string): string {
    const minted = known.get(value);
    if (minted !== undefined) return minted;
    const former = (entity === LITERAL ? this.#knownLiterals : this.#knownPlaceholders).get(value);
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
    if (this.#naming === 'number') {
      const n = (this.#counts.get(entity) ?? 0) + 1;
      this.#counts.set(entity, n);
      return `${n}`;
    }
    const { namespace = '', pseudonym } = this.#options;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const scope = JSON.stringify(['placeholder', namespace, entity, round]);
      const name = pseudonym(value, scope).slice(0, HASH_DIGITS).padStart(HASH_DIGITS, '0');
      if (!this.values.has(`${entity}_${name}`)) return name;
    }
    throw new TypeError('pseudonym does not tell values apart');
  }
}

/** Inside a longer word a surrogate would not be told from the word, and so not be restored. */
function standsApart(surrogate: string, { before, after }: Edges): boolean {
  const begins = isWordly(before) && isWordly(surrogate.charCodeAt(0));
  return !begins && !(isWordly(after) && isWordly(surrogate.charCodeAt(surrogate.length - 1)));
}
