import { type Keyring } from '../crypto/keyring.ts';
import { createTokens, type Tokens } from '../ledger/search/tokens.ts';
import { canonicalPhone } from '../redact/surrogates/phone.ts';

/** Tokens as this installation makes them. `phoneRegions`: ISO 3166 codes of the countries whose numbers are read. */
export function openSearchTokens(keyring: Keyring, phoneRegions: readonly string[]): Tokens {
  return createTokens({
    reference: (parts, version) => keyring.reference(parts, version),
    versions: () => keyring.indexVersions,
    phone: (text) => canonicalPhone(text, phoneRegions),
  });
}
