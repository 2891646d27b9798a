/** Rows fetched at a time. */
export const PAGE = 2_000;

/** Rows of a query page by page, in order of a key; the next page is on its way while this one is worked on. */
export class Pages<T> {
  readonly #fetch: (after: number) => Promise<readonly T[]>;
  readonly #key: (item: T) => number;
  #page: readonly T[] = [];
  #at = 0;
  #coming: Promise<readonly T[]> | undefined;
  #ended = false;

  /** `fetch` returns at most PAGE items whose key is greater than `after`, in order; fewer at the end. */
  constructor(fetch: (after: number) => Promise<readonly T[]>, key: (item: T) => number) {
    this.#fetch = fetch;
    this.#key = key;
  }

  /** The item at hand; undefined behind the last. */
  async peek(): Promise<T | undefined> {
    if (this.#at >= this.#page.length && !this.#ended) await this.#turn();
    return this.#page[this.#at];
  }

  skip(): void {
    this.#at += 1;
  }

  async #turn(): Promise<void> {
    // From below zero: a row that somebody gave an impossible place must come up, too.
    this.#page = await (this.#coming ?? this.#fetch(Number.MIN_SAFE_INTEGER));
    this.#at = 0;
    const last = this.#page.at(-1);
    this.#ended = this.#page.length < PAGE;
    this.#coming = last === undefined || this.#ended ? undefined : this.#fetch(this.#key(last));
    // Whoever awaits it sees the failure; nobody may, when the walk ends early.
    this.#coming?.catch(() => undefined);
  }
}
