import { type LedgerSource, type StoredDrop } from './ports.ts';

/** Retention dropped a month while pages were being read, so that they may have half of it. To be begun again. */
export class MovedError extends Error {
  override readonly name = 'MovedError';

  constructor() {
    super('retention dropped a month meanwhile');
  }
}

/** Throws MovedError unless the drops are still those of the beginning. */
export async function checkUnmoved(
  source: Pick<LedgerSource, 'drops'>,
  before: readonly StoredDrop[],
): Promise<void> {
  const now = await source.drops();
  if (now.length !== before.length || now.some(({ start }, i) => start !== before[i]?.start))
    throw new MovedError();
}
