import { createHash } from 'node:crypto';

/** Repeatable choices from a secret seed: SHA-256 in counter mode, so that none of them tells anything of the others. */
export class Draws {
  readonly #seed: string;
  #block: Buffer = Buffer.alloc(0);
  #counter = 0;
  #at = 0;

  /** `seed`: the keyed hash of what the choices are for. */
  constructor(seed: string) {
    this.#seed = seed;
  }

  /** 0 … below − 1. 48 bits for at most a million choices: no choice is likelier than another by more than 2⁻²⁸. */
  int(below: number): number {
    if (this.#at + 6 > this.#block.length) {
      this.#block = createHash('sha256').update(`${this.#seed}:${this.#counter++}`).digest();
      this.#at = 0;
    }
    const value = this.#block.readUIntBE(this.#at, 6);
    this.#at += 6;
    return value % below;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.int(items.length)] ?? items[0];
  }

  /** One character of `letters`. */
  letter(letters: string): string {
    return letters.charAt(this.int(letters.length));
  }

  letters(letters: string, count: number): string {
    return Array.from({ length: count }, () => this.letter(letters)).join('');
  }

  digits(count: number): string {
    return this.letters('0123456789', count);
  }
}
