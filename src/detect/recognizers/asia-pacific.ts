import { isBirthday6 } from '../checksums/date.ts';
import { isVerhoeff } from '../checksums/verhoeff.ts';
import { isRepeated, weightedSum } from '../checksums/weighted.ts';
import { Context } from '../context.ts';
import { type IdRule } from '../id-rules.ts';

/** Australian Business Register: subtract 1 from the first digit, then modulus 89. */
function isAbn(digits: string): boolean {
  return (weightedSum(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0;
}

/** ASIC: weights 8 … 1, complement of the remainder modulo 10. */
function isAcn(digits: string): boolean {
  const check = (10 - (weightedSum(digits, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10;
  return !isRepeated(digits) && check === Number(digits.charAt(8));
}

function isTfn(digits: string): boolean {
  return !isRepeated(digits) && weightedSum(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
}

/** The ninth digit checks the first eight; the tenth is the issue number. */
function isMedicare(digits: string): boolean {
  return (
    /^[2-6]/.test(digits) && weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits.charAt(8))
  );
}

/** S, T: citizens (T from 2000); F, G, M: foreigners. */
function isNric(compact: string): boolean {
  const series = compact.charAt(0);
  const offset = series === 'T' || series === 'G' ? 4 : series === 'M' ? 3 : 0;
  const rest = (weightedSum(compact.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  if (series === 'S' || series === 'T') return 'JZIHGFEDCBA'.charAt(rest) === compact.charAt(8);
  if (series === 'F' || series === 'G') return 'XWUTRQPNMLK'.charAt(rest) === compact.charAt(8);
  return series === 'M' && 'XWUTRQPNJLK'.charAt(rest) === compact.charAt(8);
}

/** Ordinance 85 of 2014 (MIC): weights 6,5,4,3,2,7,6,5,4,3,2. */
function isMyNumber(digits: string): boolean {
  const rest = weightedSum(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return !isRepeated(digits) && (rest <= 1 ? 0 : 11 - rest) === Number(digits.charAt(11));
}

function isRrn(digits: string): boolean {
  const sum = weightedSum(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
  return isBirthday6(digits) && (11 - (sum % 11)) % 10 === Number(digits.charAt(12));
}

const RRN = new Context('주민등록번호', '주민번호', 'rrn', 'resident registration', '韩国身份证');

export const ASIA_PACIFIC: readonly IdRule[] = [
  {
    entity: 'IN_AADHAAR',
    alone: ['9999 9999 9999', '9999-9999-9999'],
    inContext: ['999999999999'],
    check: (digits) => /^[2-9]/.test(digits) && isVerhoeff(digits),
    context: new Context('aadhaar', 'aadhar', 'adhaar', 'uidai', 'uid', 'आधार', '印度身份证'),
    score: 0.6,
  },
  {
    entity: 'IN_PAN',
    alone: ['@@@@@9999@'],
    inContext: [],
    // The fourth letter names the kind of holder.
    check: (compact) => /^[A-Z]{3}[ABCFGHJLPT]/.test(compact),
    proof: false,
    context: new Context('pan', 'pan card', 'permanent account number', 'income tax', 'पैन', '印度税号'),
    score: 0.6,
    capitals: true,
  },
  {
    entity: 'AU_TFN',
    alone: [],
    inContext: ['999999999', '999 999 999', '999-999-999'],
    check: isTfn,
    context: new Context('tfn', 'tax file', 'tax file number', '澳洲税号', '税号'),
  },
  {
    entity: 'AU_ABN',
    alone: ['99 999 999 999'],
    inContext: ['99999999999'],
    check: isAbn,
    context: new Context('abn', 'australian business', 'business number', '商业号码'),
    score: 0.6,
  },
  {
    entity: 'AU_ACN',
    alone: [],
    inContext: ['999999999', '999 999 999'],
    check: isAcn,
    context: new Context('acn', 'australian company'),
  },
  {
    entity: 'AU_MEDICARE',
    alone: ['9999 99999 9', '9999-99999-9'],
    inContext: ['9999999999'],
    check: isMedicare,
    context: new Context('medicare', 'medicare card', 'irn', '医保卡'),
    score: 0.6,
  },
  {
    entity: 'SG_NRIC',
    alone: ['@9999999@'],
    inContext: [],
    check: isNric,
    context: new Context('nric', 'fin', 'identity card', 'ic no', 'singpass', '身份证'),
    score: 0.75,
  },
  {
    entity: 'JP_MY_NUMBER',
    alone: [],
    inContext: ['999999999999', '9999 9999 9999', '9999-9999-9999'],
    check: isMyNumber,
    context: new Context('my number', 'マイナンバー', '個人番号', '个人编号', 'individual number'),
  },
  { entity: 'KR_RRN', alone: ['999999-9999999'], inContext: ['9999999999999'], check: isRrn, context: RRN },
  {
    // Numbers given out since October 2020 are random after the birthday.
    entity: 'KR_RRN',
    alone: [],
    inContext: ['999999-9999999', '9999999999999'],
    check: isBirthday6,
    proof: false,
    context: RRN,
  },
];
