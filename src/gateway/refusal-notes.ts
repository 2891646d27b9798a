import { type Ledger } from '../domain/record.ts';

export interface RefusalNotes {
  /** Notes that a request was turned away at the door, and why. Never rejects. */
  readonly refused: (requestId: string, reason: string) => void;
}

const NOTES_PER_SECOND = 10;

/**
 * Refused tokens go to the ledger, but anybody can send them: beyond a rate they are only counted, and the count goes
 * into the next note, so that a flood cannot fill the disk.
 */
export function createRefusalNotes(options: {
  readonly note: Ledger['note'];
  readonly clock: () => number;
}): RefusalNotes {
  let second = 0;
  let written = 0;
  let suppressed = 0;
  return {
    refused(requestId, reason): void {
      const atMs = options.clock();
      const now = Math.floor(atMs / 1000);
      if (now !== second) {
        second = now;
        written = 0;
      }
      if (written >= NOTES_PER_SECOND) {
        suppressed += 1;
        return;
      }
      written += 1;
      const data = { requestId, reason, suppressed };
      suppressed = 0;
      options.note({ type: 'AUTH_REFUSED', atMs, tenant: '', data }).catch(() => {
        // The audit is down; the request was refused all the same. Count it, so that the next note tells.
        suppressed += 1;
      });
    },
  };
}
