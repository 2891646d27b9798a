/** What was opened and must be closed again. */
export interface Closable {
  close(): Promise<void>;
}

export interface Closer {
  /** Notes a part and returns it. */
  add<T extends Closable>(part: T): T;
  /** Closes the parts, last opened first. Every part is closed even when another fails; the first failure is thrown. */
  close(): Promise<void>;
}

export function createCloser(): Closer {
  const parts: Closable[] = [];
  return {
    add(part) {
      parts.push(part);
      return part;
    },
    async close(): Promise<void> {
      let failure: { readonly error: unknown } | undefined;
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
        try {
          await part.close();
        } catch (error) {
          failure ??= { error };
        }
      }
      if (failure !== undefined) throw failure.error;
    },
  };
}
