import { type Revealer, type TextReveal } from '../domain/reveal.ts';
import { JsonDepth } from './json-depth.ts';
import { MixedGrammar } from './marks.ts';
import { type MarkGrammar, type Naming, NO_UNIT, PlaceholderGrammar } from './placeholder.ts';
import { scanMarks } from './scan.ts';
import { SurrogateIndex } from './surrogates/surrogate-index.ts';

type Escape = 'none' | 'json';

const NOTHING_TO_REVEAL: Revealer = {
  reveal: (text) => text,
  open: () => ({ push: (delta) => delta, flush: () => '' }),
};

/**
 * Restores the marks minted in one call. `values`: canonical name (`PERSON_1`) → original; `entities`: the names before
 * the number; `surrogates`: surrogate → original. What stands in no entry stays as the model wrote it, and what was put in is never read
 * again: a value that itself says `<PERSON_2>` stays that text.
 */
export function createRevealer(
  values: ReadonlyMap<string, string>,
  entities: readonly string[],
  naming: Naming = 'number',
  surrogates: ReadonlyMap<string, string> = new Map(),
): Revealer {
  if (values.size === 0 && surrogates.size === 0) return NOTHING_TO_REVEAL;
  const placeholders = new PlaceholderGrammar(entities, naming);
  const valueOf = (name: string): string | undefined => values.get(name) ?? surrogates.get(name);
  const nested = [...values.values(), ...surrogates.values()].some((value) => escaped(value) !== value);
  const grammars: Partial<Record<Escape, MarkGrammar>> = {};
  function grammarFor(escape: Escape): MarkGrammar {
    if (surrogates.size === 0) return placeholders;
    const json = escape === 'json';
    return new MixedGrammar(placeholders, new SurrogateIndex(surrogates.keys(), json), json);
  }
  function open(escape: Escape): TextReveal {
    return new HoldingReveal((grammars[escape] ??= grammarFor(escape)), valueOf, { escape, nested });
  }
  return {
    open,
    reveal(text, escape) {
      const reveal = open(escape);
      return reveal.push(text) + reveal.flush();
    },
  };
}

/** As the content of a JSON string. */
function escaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

class HoldingReveal implements TextReveal {
  readonly #grammar: MarkGrammar;
  readonly #valueOf: (name: string) => string | undefined;
  readonly #escape: Escape;
  /** Kept only where a value would be written otherwise at another depth. */
  #depth: JsonDepth | undefined;
  /** A suffix that could still become a mark; no longer than the longest spelling of one. */
  #held = '';
  #before = NO_UNIT;

  constructor(
    grammar: MarkGrammar,
    valueOf: (name: string) => string | undefined,
    { escape, nested }: { readonly escape: Escape; readonly nested: boolean },
  ) {
    this.#grammar = grammar;
    this.#valueOf = valueOf;
    this.#escape = escape;
    this.#depth = escape === 'json' && nested ? new JsonDepth() : undefined;
  }

  push(delta: string): string {
    return this.#scan(this.#held + delta, false);
  }

  flush(): string {
    const text = this.#scan(this.#held, true);
    this.#before = NO_UNIT;
    this.#depth &&= new JsonDepth();
    return text;
  }

  #scan(text: string, final: boolean): string {
    let out = '';
    let from = 0;
    const stop = scanMarks(this.#grammar, text, this.#before, final, ({ start, end, name }) => {
      const value = this.#valueOf(name);
      if (value === undefined) return false;
      const before = text.slice(from, start);
      this.#depth?.push(before);
      out += before + this.#inserted(value);
      this.#depth?.push(text.slice(start, end));
      from = end;
      return true;
    });
    this.#depth?.push(text.slice(from, stop.decided));
    this.#held = text.slice(stop.decided);
    this.#before = stop.before;
    return from === 0 && stop.decided === text.length ? text : out + text.slice(from, stop.decided);
  }

  #inserted(value: string): string {
    if (this.#escape === 'none') return value;
    let source = value;
    for (let times = this.#depth?.depth ?? 1; times > 0; times--) source = escaped(source);
    return source;
  }
}
