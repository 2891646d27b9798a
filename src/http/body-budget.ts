import { CordonError } from '../domain/errors.ts';

/** What one call holds of the budget. */
export interface HeldBytes {
  /**
   * Throws `too_many_requests` when all calls together would hold more than there is. The call that is refused gives
   * back what it held at once: recording its refusal takes a while, and others need not be refused meanwhile.
   */
  add(bytes: number): void;
  release(): void;
}

/**
 * How many bytes of request bodies all calls may hold together. A body is held some three times over while it is read,
 * inspected and rewritten, and the limit on one body times the limit on calls is more memory than any machine has.
 */
export function createBodyBudget(maxBytes: number): () => HeldBytes {
  let inHand = 0;
  return () => {
    let held = 0;
    function release(): void {
      inHand -= held;
      held = 0;
    }
    return {
      release,
      add(bytes): void {
        if (inHand + bytes > maxBytes) {
          release();
          throw new CordonError('too_many_requests', 'Too many large calls are open; try again shortly.', {
            retryAfterS: 1,
          });
        }
        inHand += bytes;
        held += bytes;
      },
    };
  };
}
