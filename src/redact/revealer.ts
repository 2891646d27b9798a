import { type Revealer, type TextReveal } from '../domain/reveal.ts';
import { type Naming, PlaceholderGrammar } from './placeholder.ts';
import { scanPlaceholders } from './scan.ts';

type Escape = 'none' | 'json';

const NOTHING_TO_REVEAL: Revealer = {
  reveal: (text) => text,
  open: () => ({ push: (delta) => delta, flush: () => '' }),
};

/**
 * Restores the placeholders minted in one call. `values`: canonical name (`PERSON_1`) → original; `entities`: the
 * names before the number. What stands in no entry stays as the model wrote it, and what was put in is never read
 * again: a value that itself says `<PERSON_2>` stays that text.
 */
export function createRevealer(
  values: ReadonlyMap<string, string>,
  entities: readonly string[],
  naming: Naming = 'number',
): Revealer {
  if (values.size === 0) return NOTHING_TO_REVEAL;
  const grammar = new PlaceholderGrammar(entities, naming);
  function open(escape: Escape): TextReveal {
    return new HoldingReveal(grammar, values, escape);
  }
  return {
    open,
    reveal(text, escape) {
      const reveal = open(escape);
      return reveal.push(text) + reveal.flush();
    },
  };
}

class HoldingReveal implements TextReveal {
  readonly #grammar: PlaceholderGrammar;
  readonly #values: ReadonlyMap<string, string>;
  readonly #escape: Escape;
  /** A suffix that could still become a placeholder; no longer than the longest spelling of one. */
  #held = '';
  #afterWord = false;

  constructor(grammar: PlaceholderGrammar, values: ReadonlyMap<string, string>, escape: Escape) {
    this.#grammar = grammar;
    this.#values = values;
    this.#escape = escape;
  }

  push(delta: string): string {
    return this.#scan(this.#held + delta, false);
  }

  flush(): string {
    const text = this.#scan(this.#held, true);
    this.#afterWord = false;
    return text;
  }

  #scan(text: string, final: boolean): string {
    let out = '';
    let from = 0;
    const stop = scanPlaceholders(this.#grammar, text, this.#afterWord, final, ({ start, end, name }) => {
      const value = this.#values.get(name);
      if (value === undefined) return false;
      out += text.slice(from, start) + this.#inserted(value);
      from = end;
      return true;
    });
    this.#held = text.slice(stop.decided);
    this.#afterWord = stop.afterWord;
    return from === 0 && stop.decided === text.length ? text : out + text.slice(from, stop.decided);
  }

  #inserted(value: string): string {
    return this.#escape === 'json' ? JSON.stringify(value).slice(1, -1) : value;
  }
}
