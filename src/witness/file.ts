import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { type CheckpointSink } from '../ledger/tree/outlet.ts';

/**
 * Appends each checkpoint to a file, flushed to the disk: notes one behind the other, an empty line between them. Meant
 * for a mount that the database's administrators cannot write to. A symbolic link is refused.
 */
export function fileSink(path: string): CheckpointSink {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  return {
    name: `file:${path}`,
    async publish({ note }): Promise<void> {
      const file = await open(path, flags, 0o640);
      try {
        // The empty line before it closes off what a crash may have cut short.
        await file.appendFile(`\n\n${note}`);
        await file.datasync();
      } finally {
        await file.close();
      }
    },
  };
}
