import { type Revealer, type TextReveal } from '../../domain/reveal.ts';

type Escape = 'none' | 'json';

/** What a dialect asked of a revealer, in order. `id` numbers the texts that come in pieces. */
export type Asked =
  | { readonly kind: 'whole'; readonly text: string; readonly escape: Escape }
  | { readonly kind: 'open'; readonly id: number; readonly escape: Escape }
  | { readonly kind: 'push'; readonly id: number; readonly text: string }
  | { readonly kind: 'flush'; readonly id: number };

/**
 * Dialects read and rewrite an answer in one go, and reading it for personal data takes time. So each piece of an
 * answer is gone through twice: once with a listener, which only notes the texts; then, when they have been read, with
 * a teller, which hands back what became of them in the same order. What a dialect asks depends on the answer and not
 * on what it is told, so both runs ask the same; should they ever differ, the call fails.
 */
export function createListener(): { readonly revealer: Revealer; readonly take: () => readonly Asked[] } {
  let asked: Asked[] = [];
  let opened = 0;
  const note = (entry: Asked): string => {
    asked.push(entry);
    return '';
  };
  return {
    revealer: {
      reveal: (text, escape) => note({ kind: 'whole', text, escape }) || text,
      open(escape): TextReveal {
        const id = opened++;
        note({ kind: 'open', id, escape });
        return {
          push: (text) => note({ kind: 'push', id, text }) || text,
          flush: () => note({ kind: 'flush', id }),
        };
      },
    },
    take() {
      const taken = asked;
      asked = [];
      return taken;
    },
  };
}

export interface Told {
  readonly kind: 'whole' | 'push' | 'flush';
  readonly text: string;
}

export function createTeller(): {
  readonly revealer: Revealer;
  readonly tell: (told: readonly Told[]) => void;
} {
  let waiting: readonly Told[] = [];
  let next = 0;
  const answer = (kind: Told['kind']): string => {
    const told = waiting[next++];
    if (told?.kind !== kind) throw new TypeError('an answer was not asked for twice alike');
    return told.text;
  };
  return {
    revealer: {
      reveal: () => answer('whole'),
      open: () => ({ push: () => answer('push'), flush: () => answer('flush') }),
    },
    tell(told): void {
      if (next !== waiting.length) throw new TypeError('an answer was not asked for twice alike');
      waiting = told;
      next = 0;
    },
  };
}
