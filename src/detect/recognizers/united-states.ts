import { isLuhn } from '../checksums/luhn.ts';
import { isRepeated, weightedSum } from '../checksums/weighted.ts';
import { Context } from '../context.ts';
import { type IdRule } from '../id-rules.ts';

/** SSA's rules since 2011: no area 000, 666 or 9xx, no group 00, no serial 0000. The textbook 123-45-6789 is refused. */
function isSsn(digits: string): boolean {
  return (
    !/^(?:000|666|9)/.test(digits) &&
    digits.slice(3, 5) !== '00' &&
    !digits.endsWith('0000') &&
    digits !== '123456789' &&
    !isRepeated(digits)
  );
}

/** IRS: area 9xx, group 50–65, 70–88, 90–92, 94–99. */
function isItin(digits: string): boolean {
  const group = Number(digits.slice(3, 5));
  return (
    digits.startsWith('9') &&
    ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group !== 93))
  );
}

/** ABA routing number: Federal Reserve prefix and the 3-7-1 checksum. */
function isRoutingNumber(digits: string): boolean {
  const prefix = Number(digits.slice(0, 2));
  const assigned =
    prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix === 80;
  return assigned && !isRepeated(digits) && weightedSum(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}

/** DEA registration: registrant type, initial, six digits and a check digit. */
function isDea(compact: string): boolean {
  if (!/^[A-HJ-MPRSTUX][A-Z9]\d{7}$/.test(compact)) return false;
  const digits = compact.slice(2);
  const sum = weightedSum(digits, [1, 2, 1, 2, 1, 2]);
  return sum % 10 === Number(digits.charAt(6));
}

/** CMS: letters S, L, O, I, B, Z are never used and every position has its own alphabet. */
function isMbi(compact: string): boolean {
  return /^[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d\d$/.test(
    compact,
  );
}

const SSN = new Context(
  'ssn',
  'ssns',
  'ss#',
  'social security',
  'social sec',
  'soc sec',
  'social number',
  'social no',
  'social #',
  'social:',
  'my social',
  'social is',
  'w-9',
  'w9',
  'w-2',
  'w2',
  'i-9',
  'i9',
  '1040',
  '1099',
  'irs',
  'credit report',
  'credit check',
  'background check',
  '社会安全号',
  '社安号',
);
const ITIN = new Context('itin', 'individual taxpayer', 'taxpayer id', 'tax id', 'tin', '纳税人识别号');
const ROUTING = new Context('aba', 'routing', 'rtn', 'bank', 'wire', 'ach', '路由号', '银行');
const ACCOUNT = new Context(
  'account number',
  'account no',
  'account #',
  'acct',
  'bank account',
  'checking',
  'savings account',
  'checking account',
  '银行账号',
  '银行账户',
);
const DEA = new Context(
  'dea',
  'prescriber',
  'prescription',
  'medical license',
  'physician license',
  '执业医师',
);
const NPI = new Context('npi', 'national provider', 'provider id', 'provider number', 'prescriber');
const MBI = new Context('mbi', 'medicare', 'beneficiary', 'hicn');
const PASSPORT = new Context('passport', 'passports', 'travel document', '护照');
const LICENSE = new Context(
  'driver license',
  'drivers license',
  "driver's license",
  'driver licence',
  'driving license',
  'driving licence',
  'dl',
  'dl#',
  'dl no',
  'dmv',
  'state id',
  'permis',
  'lic#',
  '驾照',
  '驾驶证',
);

export const UNITED_STATES: readonly IdRule[] = [
  {
    entity: 'US_SSN',
    alone: ['999-99-9999', '999 99 9999', '999 - 99 - 9999'],
    inContext: ['999999999', '999.99.9999', '999/99/9999', '999_99_9999', '9 9 9 9 9 9 9 9 9'],
    check: isSsn,
    context: SSN,
  },
  {
    entity: 'US_ITIN',
    alone: ['999-99-9999', '999 99 9999'],
    inContext: ['999999999'],
    check: isItin,
    context: ITIN,
  },
  { entity: 'US_BANK_NUMBER', alone: [], inContext: ['999999999'], check: isRoutingNumber, context: ROUTING },
  {
    entity: 'US_BANK_NUMBER',
    alone: [],
    inContext: Array.from({ length: 10 }, (_, i) => '9'.repeat(8 + i)),
    context: ACCOUNT,
  },
  { entity: 'MEDICAL_LICENSE', alone: [], inContext: ['@#9999999'], check: isDea, context: DEA },
  {
    entity: 'US_NPI',
    alone: [],
    inContext: ['9999999999'],
    check: (digits) => /^[12]/.test(digits) && isLuhn(`80840${digits}`),
    context: NPI,
  },
  {
    entity: 'US_MBI',
    alone: ['9@#9-@#9-@@99', '9@#9@#9@@99'],
    inContext: ['9@#9 @#9 @@99'],
    check: isMbi,
    context: MBI,
    score: 0.7,
  },
  { entity: 'US_PASSPORT', alone: [], inContext: ['999999999', '@99999999'], context: PASSPORT },
  {
    // Every state has its own format and most are plain numbers, so only the words beside them tell.
    entity: 'US_DRIVER_LICENSE',
    alone: [],
    inContext: [
      '9999999',
      '99999999',
      '999999999',
      '@999999',
      '@9999999',
      '@99999999',
      '@999999999999',
      '@99999999999',
      '@9999999999999',
      '@99999999999999',
      '@999-999-99-999-9',
      '@999-9999-9999',
      '@9999-9999-9999',
      '@@999999',
      '@@9999999',
      '999 999 999',
      '999-999-999',
    ],
    context: LICENSE,
  },
];
