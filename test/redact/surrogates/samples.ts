import { createHash } from 'node:crypto';
import { type Handling } from '../../../src/domain/handling.ts';
import { protect, type Protected, type SurrogateOptions } from '../../../src/redact/protect.ts';
import { creditCodeCheck, nhsDigit } from '../../eval/check-digits.ts';
import { type KnownValue, slot, spansOf } from '../calls.ts';

export const REGIONS = ['US', 'GB', 'DE', 'FR', 'CN'];

export function keyedHash(value: string, scope: string): string {
  return createHash('sha256').update(JSON.stringify(['test', scope, value])).digest('hex').slice(0, 16); // prettier-ignore
}

/** Texts protected with surrogates for every value that has them. */
export function withSurrogates(
  texts: readonly string[],
  known: readonly KnownValue[],
  options: Partial<SurrogateOptions> & {
    readonly handling?: Handling;
    readonly namespace?: string;
    readonly hash?: typeof keyedHash;
  } = {},
): Protected {
  const { handling = 'surrogate', namespace, hash = keyedHash, ...surrogates } = options;
  return protect(
    texts.map((text, i) => slot(text, 'text', `/${i}`)),
    texts.map((text) => spansOf(text, known)),
    {
      handlingOf: () => handling,
      pseudonym: hash,
      namespace,
      phoneRegions: REGIONS,
      surrogates: { scope: 'alice', lasting: false, demandsOn: () => () => true, ...surrogates },
    },
  );
}

/** A value of each entity that has surrogates; reserved or made-up ones that pass their checks. */
export const SAMPLES: readonly KnownValue[] = [
  ['CREDIT_CARD', '4111 1111 1111 1111'],
  ['CREDIT_CARD', '378282246310005'],
  ['CN_BANK_CARD', '6222021234567890128'],
  ['IBAN_CODE', 'GB82 WEST 1234 5698 7654 32'],
  ['IBAN_CODE', 'DE89370400440532013000'],
  ['US_SSN', '536-90-4399'],
  ['US_ITIN', '912-70-1234'],
  ['US_BANK_NUMBER', '021000021'],
  ['US_NPI', '1234567893'],
  ['US_MBI', '1EG4-TE5-MK73'],
  ['US_PASSPORT', 'C01234567'],
  ['US_DRIVER_LICENSE', 'D1234567'],
  ['MEDICAL_LICENSE', 'BB1388568'],
  ['UK_NHS', `999 123 457${nhsDigit('999123457') ?? ''}`],
  ['UK_NINO', 'AB 12 34 56 C'],
  ['EU_VAT', 'DE136695976'],
  ['DE_TAX_ID', '65 929 970 489'],
  ['FR_NIR', '1 85 05 78 006 084 91'],
  ['ES_NIF', '12345678Z'],
  ['ES_NIE', 'X1234567L'],
  ['IT_FISCAL_CODE', 'RSSMRA85T10A562S'],
  ['NL_BSN', '111222333'],
  ['PL_PESEL', '44051401359'],
  ['SE_PERSONNUMMER', '811228-9874'],
  ['CH_AHV', '756.9217.0769.85'],
  ['IN_AADHAAR', '2341 2341 2346'],
  ['IN_PAN', 'ABCPE1234F'],
  ['AU_TFN', '123 456 782'],
  ['AU_ABN', '51 824 753 556'],
  ['AU_MEDICARE', '2123 45670 1'],
  ['SG_NRIC', 'S1234567D'],
  ['JP_MY_NUMBER', '123456789018'],
  ['KR_RRN', '900101-1234568'],
  ['BR_CPF', '529.982.247-25'],
  ['CN_RESIDENT_ID', '11010519491231002X'],
  ['CN_MOBILE', '13800138000'],
  ['CN_PASSPORT', 'E12345678'],
  ['CN_USCC', `91110105MA0012345${creditCodeCheck('91110105MA0012345')}`],
  ['VIN', '1HGCM82633A004352'],
  ['IMEI', '490154203237518'],
  ['PHONE_NUMBER', '+1 202-555-0143'],
  ['PHONE_NUMBER', '(212) 555-0187'],
  ['PHONE_NUMBER', '+44 7700 900123'],
  ['PHONE_NUMBER', '+49 171 3920012'],
  ['PHONE_NUMBER', '+33 6 39 98 12 34'],
  ['PHONE_NUMBER', '+34 612 34 56 78'],
  ['EMAIL_ADDRESS', 'maria.gonzalez@example.com'],
  ['URL', 'https://alice.example.org/u/7'],
  ['IP_ADDRESS', '203.0.113.9'],
  ['IP_ADDRESS', '2001:db8::8a2e:370:7334'],
  ['MAC_ADDRESS', '3C:22:FB:12:34:56'],
  ['DATE_OF_BIRTH', '1987-03-14'],
  ['DATE_TIME', '14.03.1987'],
  ['DATE_TIME', 'March 3, 1987'],
  ['DATE_TIME', '1987年3月4日'],
  ['PERSON', 'Maria Gonzalez'],
  ['PERSON', '王小明'],
  ['PERSON', 'Анна Петрова'],
  ['PERSON', '김철수'],
  ['ORGANIZATION', 'Globex GmbH'],
  ['ORGANIZATION', '华星科技有限公司'],
  ['LOCATION', 'Springfield'],
  ['STREET_ADDRESS', '742 Evergreen Terrace'],
  ['ADDRESS', '北京市朝阳区建国路88号'],
  ['USERNAME', 'mgonz87'],
].map(([entity = '', value = '']) => ({ entity, value }));
