/** Entities by family, so that a handling rule can name a group. An entity is in exactly one family. */
export const ENTITY_FAMILIES = {
  names: ['PERSON', 'USERNAME'],
  contact: ['EMAIL_ADDRESS', 'PHONE_NUMBER', 'CN_MOBILE', 'STREET_ADDRESS', 'ADDRESS'],
  locations: ['LOCATION', 'GPS_COORDINATE', 'ZIP_CODE'],
  organizations: ['ORGANIZATION', 'NRP', 'TITLE', 'JOB_TITLE'],
  dates: ['DATE_TIME', 'DATE_OF_BIRTH', 'AGE'],
  financial: ['CREDIT_CARD', 'IBAN_CODE', 'US_BANK_NUMBER', 'CN_BANK_CARD', 'CRYPTO', 'EU_VAT', 'SWIFT_CODE'],
  identifiers: [
    ...['US_SSN', 'US_ITIN', 'US_PASSPORT', 'US_DRIVER_LICENSE', 'US_NPI', 'US_MBI', 'MEDICAL_LICENSE'],
    ...[
      'UK_NHS',
      'UK_NINO',
      'DE_TAX_ID',
      'FR_NIR',
      'ES_NIF',
      'ES_NIE',
      'IT_FISCAL_CODE',
      'NL_BSN',
      'PL_PESEL',
    ],
    ...['SE_PERSONNUMMER', 'CH_AHV', 'IN_AADHAAR', 'IN_PAN', 'AU_TFN', 'AU_ABN', 'AU_ACN', 'AU_MEDICARE'],
    ...[
      'SG_NRIC',
      'SG_NRIC_FIN',
      'JP_MY_NUMBER',
      'KR_RRN',
      'BR_CPF',
      'BR_CNPJ',
      'CN_RESIDENT_ID',
      'CN_PASSPORT',
    ],
    ...['CN_USCC', 'CN_PLATE', 'VIN', 'ID', 'ID_NUMBER'],
  ],
  devices: ['IP_ADDRESS', 'MAC_ADDRESS', 'IMEI', 'URL'],
  secrets: ['SECRET', 'PASSWORD'],
} as const satisfies Record<string, readonly string[]>;

export type EntityFamily = keyof typeof ENTITY_FAMILIES;

export function isEntityFamily(name: string): name is EntityFamily {
  return Object.hasOwn(ENTITY_FAMILIES, name);
}

/** Every entity of the families, by name, with its family. */
export function familiesByEntity(): ReadonlyMap<string, EntityFamily> {
  const families = new Map<string, EntityFamily>();
  for (const family of Object.keys(ENTITY_FAMILIES).filter(isEntityFamily)) {
    for (const entity of ENTITY_FAMILIES[family]) families.set(entity, family);
  }
  return families;
}
