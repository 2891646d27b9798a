/** Statistics over decisions and what closed them, gathered while records stream by. */
export interface Pairing {
  readonly decisions: number;
  readonly completions: number;
  readonly incompletes: number;
  /** Decisions that nothing closes: of calls in flight, or of a writer that died and was not yet swept. */
  readonly open: number;
  /** Completions without a decision. */
  readonly orphans: number;
  /** Records beyond the first of their id and type. */
  readonly duplicates: number;
}

const DECISION = 1;
const COMPLETION = 2;
const INCOMPLETE = 4;
const BITS = new Map([
  ['DECISION', DECISION],
  ['COMPLETION', COMPLETION],
  ['INCOMPLETE', INCOMPLETE],
]);

/**
 * Keeps one small integer for each request seen, in any order: a completion may stand in another chain than its
 * decision. A million requests take about 100 MB, which a verification may.
 */
export class PairCounter {
  readonly #seen = new Map<string, number>();
  readonly #counts = new Map<number, number>();
  #duplicates = 0;

  /** True when this id and type was seen before. */
  add(type: string, id: string): boolean {
    const bit = BITS.get(type);
    if (bit === undefined) return false;
    const before = this.#seen.get(id) ?? 0;
    this.#counts.set(bit, (this.#counts.get(bit) ?? 0) + 1);
    this.#seen.set(id, before | bit);
    const duplicate = (before & bit) !== 0;
    if (duplicate) this.#duplicates += 1;
    return duplicate;
  }

  result(): Pairing {
    let open = 0;
    let orphans = 0;
    for (const seen of this.#seen.values()) {
      if (seen === DECISION) open += 1;
      if ((seen & DECISION) === 0) orphans += 1;
    }
    const count = (bit: number) => this.#counts.get(bit) ?? 0;
    return {
      decisions: count(DECISION),
      completions: count(COMPLETION),
      incompletes: count(INCOMPLETE),
      open,
      orphans,
      duplicates: this.#duplicates,
    };
  }
}
