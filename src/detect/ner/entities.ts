import { modelError } from './model-error.ts';
import { asRecord } from './fields.ts';

/**
 * What public models call things, in our names: CoNLL, OntoNotes, WikiNEuRal, ai4privacy/piiranha and
 * openai/privacy-filter. `null` is not personal data by itself and is ignored.
 */
const KNOWN: Readonly<Record<string, string | null>> = {
  PER: 'PERSON',
  PERSON: 'PERSON',
  PRIVATE_PERSON: 'PERSON',
  NAME: 'PERSON',
  PATIENT: 'PERSON',
  DOCTOR: 'PERSON',
  STAFF: 'PERSON',
  GIVENNAME: 'PERSON',
  SURNAME: 'PERSON',
  FIRSTNAME: 'PERSON',
  MIDDLENAME: 'PERSON',
  LASTNAME: 'PERSON',
  LOC: 'LOCATION',
  GPE: 'LOCATION',
  FAC: 'LOCATION',
  LOCATION: 'LOCATION',
  ADDRESS: 'LOCATION',
  PRIVATE_ADDRESS: 'LOCATION',
  STREET: 'LOCATION',
  STREETADDRESS: 'LOCATION',
  BUILDINGNUM: 'LOCATION',
  BUILDINGNUMBER: 'LOCATION',
  SECONDARYADDRESS: 'LOCATION',
  CITY: 'LOCATION',
  COUNTY: 'LOCATION',
  STATE: 'LOCATION',
  COUNTRY: 'LOCATION',
  ZIPCODE: 'LOCATION',
  ZIP: 'LOCATION',
  ORG: 'ORGANIZATION',
  ORGANIZATION: 'ORGANIZATION',
  ORGANISATION: 'ORGANIZATION',
  COMPANY: 'ORGANIZATION',
  COMPANYNAME: 'ORGANIZATION',
  HOSPITAL: 'ORGANIZATION',
  NORP: 'NRP',
  EMAIL: 'EMAIL_ADDRESS',
  PRIVATE_EMAIL: 'EMAIL_ADDRESS',
  PHONE: 'PHONE_NUMBER',
  PHONENUMBER: 'PHONE_NUMBER',
  PHONENUM: 'PHONE_NUMBER',
  TELEPHONENUM: 'PHONE_NUMBER',
  PRIVATE_PHONE: 'PHONE_NUMBER',
  PRIVATE_URL: 'URL',
  DATE: 'DATE_TIME',
  TIME: 'DATE_TIME',
  PRIVATE_DATE: 'DATE_TIME',
  DATEOFBIRTH: 'DATE_OF_BIRTH',
  DOB: 'DATE_OF_BIRTH',
  JOB: 'JOB_TITLE',
  JOBTITLE: 'JOB_TITLE',
  CREDITCARDNUMBER: 'CREDIT_CARD',
  IBAN: 'IBAN_CODE',
  IP: 'IP_ADDRESS',
  IPV4: 'IP_ADDRESS',
  IPV6: 'IP_ADDRESS',
  IPADDRESS: 'IP_ADDRESS',
  MAC: 'MAC_ADDRESS',
  SSN: 'US_SSN',
  SOCIALNUM: 'US_SSN',
  DRIVERLICENSENUM: 'US_DRIVER_LICENSE',
  ACCOUNTNUM: 'ACCOUNT_NUMBER',
  ACCOUNTNUMBER: 'ACCOUNT_NUMBER',
  IDCARDNUM: 'ID_NUMBER',
  ID: 'ID_NUMBER',
  TAXNUM: 'TAX_NUMBER',
  MISC: null,
  CARDINAL: null,
  ORDINAL: null,
  QUANTITY: null,
  PERCENT: null,
};

const NAME = /^[A-Z][A-Z0-9_]{0,63}$/;

/**
 * Our name for a model's label type, or undefined when it is to be ignored. The folder's config.json may add to the
 * table with `entity_map`: `{"TYPE": "ENTITY" | null}`, and the operator to both. Types nobody has named keep theirs,
 * in capitals: what a model takes for personal data is not dropped because its name is new.
 */
export function createEntityNames(
  entityMap: unknown,
  override: Readonly<Record<string, string | null>> = {},
): (type: string) => string | undefined {
  const names = new Map<string, string | null>(Object.entries(KNOWN));
  if (entityMap !== undefined) {
    for (const [type, entity] of Object.entries(asRecord(entityMap, 'config.json: entity_map'))) {
      if (entity !== null && (typeof entity !== 'string' || !NAME.test(entity))) {
        throw modelError('config.json: entity_map must map label types to names like CUSTOMER_NAME, or null');
      }
      names.set(capitals(type), entity);
    }
  }
  for (const [type, entity] of Object.entries(override)) names.set(capitals(type), entity);
  return (type) => {
    const known = names.get(capitals(type));
    return known === undefined ? capitals(type) : (known ?? undefined);
  };
}

function capitals(type: string): string {
  return type.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '_');
}
