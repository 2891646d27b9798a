/**
 * The code points of one unit: its first `head` and its last `tail`, in buffers that are used again for the next
 * unit. A unit may be a megabyte of one word, so nothing of its length is kept but the count.
 */
export class Letters {
  count = 0;
  readonly #first: Int32Array;
  readonly #last: Int32Array;

  constructor(head: number, tail: number) {
    this.#first = new Int32Array(head);
    this.#last = new Int32Array(Math.max(1, tail));
  }

  read(text: string, start: number, end: number): void {
    const head = this.#first.length;
    const tail = this.#last.length;
    let count = 0;
    for (let at = start; at < end; count++) {
      const point = text.codePointAt(at) ?? 0;
      if (count < head) this.#first[count] = point;
      this.#last[count % tail] = point;
      at += point > 0xffff ? 2 : 1;
    }
    this.count = count;
  }

  /** The code point at `index`, below both `count` and `head`. */
  first(index: number): number {
    return this.#first[index] ?? 0;
  }

  /** The code point `back` places before the end, 1 being the last; `back` is at most `tail`. */
  last(back: number): number {
    return this.#last[(this.count - back) % this.#last.length] ?? 0;
  }
}
