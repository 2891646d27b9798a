import { ACCOUNTS } from './accounts.ts';
import { DATES } from './dates.ts';
import { type Generator } from './making.ts';
import { NAMES } from './names.ts';
import { NATIONAL_IDS } from './national-ids.ts';
import { NETWORK } from './network.ts';
import { createPhoneGenerator } from './phone.ts';

/**
 * Who makes surrogates for an entity. What is not here has none: secrets and passwords (nothing about them is worth
 * imitating), coordinates and wallets (whatever looks like one is one), ages, titles, postcodes (as short as any other
 * number or word of an answer, so that restoring would hit what the model said of its own).
 */
export function createGenerators(phoneRegions: readonly string[]): ReadonlyMap<string, Generator> {
  return new Map(
    Object.entries({
      ...NATIONAL_IDS,
      ...ACCOUNTS,
      ...DATES,
      ...NAMES,
      ...NETWORK,
      PHONE_NUMBER: createPhoneGenerator(phoneRegions),
    }),
  );
}

/** Those with room for the digits that tell a value from all others, in calls that a runner remembers. */
export const LASTING: ReadonlySet<string> = new Set(['EMAIL_ADDRESS', 'URL']);
