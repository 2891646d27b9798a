import { canonicalPhone } from './surrogates/phone.ts';

/** Numbers and codes that people print with and without blanks, dashes and dots. */
const CODES =
  /^(?:CREDIT_CARD|IBAN_CODE|CN_(?:BANK_CARD|RESIDENT_ID|MOBILE|PASSPORT|USCC|PLATE)|US_(?:SSN|ITIN|BANK_NUMBER|PASSPORT|DRIVER_LICENSE|NPI|MBI)|MEDICAL_LICENSE|UK_(?:NHS|NINO)|EU_VAT|[A-Z]{2}_(?:TAX_ID|NIR|NIF|NIE|FISCAL_CODE|BSN|PESEL|PERSONNUMMER|AHV|AADHAAR|PAN|TFN|ABN|ACN|MEDICARE|NRIC|NRIC_FIN|MY_NUMBER|RRN|CPF|CNPJ)|VIN|IMEI|MAC_ADDRESS|SWIFT_CODE|ID_NUMBER|ACCOUNT_NUMBER|TAX_NUMBER)$/;
/** What is only itself when it is spelled exactly so. */
const EXACT = /^(?:SECRET|PASSWORD|CRYPTO|URL)$/;

/**
 * The form in which values that mean the same are equal, for a search that compares hashes: a phone number as E.164, a
 * card or an identity number without what groups it, an address or a name without its capitals.
 */
export function canonicalValue(entity: string, value: string, phoneRegions: readonly string[]): string {
  if (EXACT.test(entity)) return value;
  const plain = value.normalize('NFKC').replace(/\p{Cf}/gu, '');
  if (entity === 'PHONE_NUMBER') return canonicalPhone(plain, phoneRegions) ?? digitsOf(plain);
  if (CODES.test(entity)) {
    const compact = plain.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase();
    return entity === 'CN_MOBILE' ? compact.replace(/^86(?=1\d{10}$)/, '') : compact;
  }
  return plain.replace(/\s+/gu, ' ').trim().toLowerCase();
}

function digitsOf(text: string): string {
  return text.replace(/[^\d+]/g, '');
}
