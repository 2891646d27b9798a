/** Kong's names for kinds of personal data, with the entities of ours that each one means. */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  general: [
    ...['PERSON', 'USERNAME', 'LOCATION', 'ORGANIZATION', 'TITLE', 'JOB_TITLE'],
    ...['ADDRESS', 'STREET_ADDRESS', 'ZIP_CODE', 'GPS_COORDINATE'],
  ],
  phone: ['PHONE_NUMBER', 'CN_MOBILE'],
  email: ['EMAIL_ADDRESS'],
  creditcard: ['CREDIT_CARD', 'CN_BANK_CARD'],
  crypto: ['CRYPTO'],
  date: ['DATE_TIME', 'DATE_OF_BIRTH', 'AGE'],
  domain: [],
  ip: ['IP_ADDRESS', 'MAC_ADDRESS'],
  nrp: ['NRP'],
  ssn: ['US_SSN', 'US_ITIN', 'ES_NIF', 'AU_ABN', 'AU_ACN', 'AU_TFN', 'IN_PAN'],
  url: ['URL'],
  medical: ['MEDICAL_LICENSE', 'UK_NHS', 'AU_MEDICARE', 'US_NPI', 'US_MBI'],
  driverlicense: ['US_DRIVER_LICENSE', 'VIN', 'CN_PLATE'],
  passport: ['US_PASSPORT', 'CN_PASSPORT'],
  bank: ['US_BANK_NUMBER', 'IBAN_CODE', 'EU_VAT', 'SWIFT_CODE'],
  credentials: ['PASSWORD', 'SECRET'],
  custom: [],
};
/** Where an entity that Kong has no name for is counted: ours are nearly all numbers of persons. */
const OTHERWISE = 'nationalid';

export const CATEGORY_NAMES = ['all', 'all_and_credentials', OTHERWISE, ...Object.keys(CATEGORIES)];

const BY_ENTITY = new Map(
  Object.entries(CATEGORIES).flatMap(([category, entities]) =>
    entities.map((entity) => [entity, category] as const),
  ),
);

export function categoryOf(entity: string): string {
  return BY_ENTITY.get(entity) ?? OTHERWISE;
}

/** Whether a list such as `["email", "phone"]` or `["all"]` asks for an entity. */
export function asksFor(anonymize: readonly string[], entity: string): boolean {
  const category = categoryOf(entity);
  if (anonymize.includes('all_and_credentials') || anonymize.includes(category)) return true;
  return anonymize.includes('all') && category !== 'credentials';
}
