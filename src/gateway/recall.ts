/** The values of a call that is answered elsewhere, kept for its answer. */
export interface Recall {
  /** Adds to what is known of a key already. */
  remember(key: string, originals: Readonly<Record<string, string>>): void;
  /** Placeholder → original; undefined when nothing is known, or no longer. */
  recall(key: string): ReadonlyMap<string, string> | undefined;
}

export interface RecallLimits {
  readonly ttlMs: number;
  readonly maxCalls: number;
  /** UTF-16 units of placeholders and values together. */
  readonly maxChars: number;
}

interface Entry {
  readonly values: Map<string, string>;
  expiresAtMs: number;
  chars: number;
}

/**
 * In the memory of this process only. What is over the limits goes, the oldest first; what is over its time goes when
 * anything is asked or added. Losing an entry leaves placeholders in an answer, which is safe.
 */
export function createRecall(limits: RecallLimits, clock: () => number): Recall {
  // In the order of their last use, which is also that of their expiry.
  const entries = new Map<string, Entry>();
  let chars = 0;

  function drop(key: string): void {
    chars -= entries.get(key)?.chars ?? 0;
    entries.delete(key);
  }

  function sweep(): void {
    const now = clock();
    for (const [key, { expiresAtMs }] of entries) {
      const full = entries.size > limits.maxCalls || chars > limits.maxChars;
      if (!full && expiresAtMs > now) return;
      drop(key);
    }
  }

  return {
    remember(key, originals) {
      const entry = entries.get(key) ?? { values: new Map<string, string>(), expiresAtMs: 0, chars: 0 };
      drop(key);
      for (const [placeholder, original] of Object.entries(originals)) {
        if (!entry.values.has(placeholder)) entry.chars += placeholder.length + original.length;
        entry.values.set(placeholder, original);
      }
      entry.expiresAtMs = clock() + limits.ttlMs;
      entries.set(key, entry);
      chars += entry.chars;
      sweep();
    },
    recall(key) {
      sweep();
      return entries.get(key)?.values;
    },
  };
}
