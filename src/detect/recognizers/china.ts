import { isBirthday6, isBirthday8 } from '../checksums/date.ts';
import { isMod11Radix2 } from '../checksums/iso7064.ts';
import { isLuhn } from '../checksums/luhn.ts';
import { Context } from '../context.ts';
import { type IdRule } from '../id-rules.ts';
import { type Recognizer } from '../recognizer.ts';
import { isAlnumAt } from '../tokens.ts';
import { ORDER_NUMBER_LABEL } from './order-number.ts';

/** First two digits of GB/T 2260 division codes. */
const PROVINCE = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123])/;

/** GB 11643-1999. */
function isResidentId(compact: string): boolean {
  return (
    /^\d{17}[\dX]$/.test(compact) &&
    PROVINCE.test(compact) &&
    isBirthday8(compact.slice(6, 14)) &&
    isMod11Radix2(compact)
  );
}

const USCC_LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** GB 32100-2015: registering department, division code, organisation code, modulus 31. */
function isUscc(compact: string): boolean {
  if (
    !/^(?:1[1239]|2[19]|3[1-59]|4[19]|5[1239]|6[129]|7[129]|8[19]|9[123]|A[19]|N[1-39]|Y1)\d{6}/.test(compact)
  ) {
    return false;
  }
  if (!PROVINCE.test(compact.slice(2)) && !compact.startsWith('10', 2)) return false;
  const values = Array.from(compact, (letter) => USCC_LETTERS.indexOf(letter));
  if (values.includes(-1)) return false;
  const sum = USCC_WEIGHTS.reduce((total, weight, i) => total + weight * (values[i] ?? 0), 0);
  return (31 - (sum % 31)) % 31 === values[17];
}

const RESIDENT = new Context(
  '身份证',
  '身份证号',
  '公民身份',
  '证件号',
  'resident id',
  'id card',
  'id number',
  'identity card',
  'sfz',
);
const MOBILE = new Context(
  '手机',
  '电话',
  '联系方式',
  '致电',
  '回电',
  '来电',
  '请拨',
  '拨打',
  '微信',
  '短信',
  'mobile',
  'phone',
  'tel',
  'call',
  'wechat',
  'contact',
);
const BANK_CARD = new Context(
  '银行卡',
  '卡号',
  '储蓄卡',
  '借记卡',
  '信用卡',
  '银联',
  'unionpay',
  'bank card',
  'card number',
  'debit card',
);

export const CHINA: readonly IdRule[] = [
  {
    entity: 'CN_RESIDENT_ID',
    alone: [
      '999999999999999999',
      '99999999999999999X',
      `${'9 '.repeat(17)}9`,
      `${'9 '.repeat(17)}X`,
      '999999 99999999 9999',
      '999999 99999999 999X',
      '999999-99999999-9999',
      '999999-99999999-999X',
    ],
    inContext: [],
    check: isResidentId,
    context: RESIDENT,
    score: 0.95,
  },
  {
    // The fifteen-digit form, issued until 1999, has a birthday but no check digit.
    entity: 'CN_RESIDENT_ID',
    alone: [],
    inContext: ['999999999999999'],
    check: (digits) => PROVINCE.test(digits) && isBirthday6(digits.slice(6, 12)),
    proof: false,
    context: RESIDENT,
  },
  {
    entity: 'CN_MOBILE',
    alone: ['19999999999', '199 9999 9999', '199-9999-9999'],
    inContext: [],
    check: (digits) => /^1[3-9]/.test(digits),
    proof: false,
    context: MOBILE,
    notBehind: ORDER_NUMBER_LABEL,
    score: 0.6,
  },
  {
    entity: 'CN_BANK_CARD',
    alone: [
      ...[16, 17, 18, 19].map((length) => `62${'9'.repeat(length - 2)}`),
      '6299 9999 9999 9999',
      '6299 9999 9999 9999 999',
      '6299 9999 9999 9999 9',
      '6299-9999-9999-9999',
      '6299-9999-9999-9999-999',
    ],
    inContext: [],
    check: isLuhn,
    context: BANK_CARD,
    loose: true,
    score: 0.9,
  },
  {
    entity: 'CN_PASSPORT',
    alone: [],
    inContext: ['@99999999', '@@9999999'],
    check: (compact) => /^(?:[DEGHPS]|E[A-HJ-NP-Z]|[HM]\d|CA|CB)/.test(compact),
    proof: false,
    context: new Context('护照', '通行证', '港澳', '台胞证', 'passport', 'travel permit', 'chinese passport'),
  },
  {
    entity: 'CN_USCC',
    alone: ['##################'],
    inContext: [],
    check: isUscc,
    context: new Context('统一社会信用代码', '信用代码', '税号', '营业执照', 'uscc', 'credit code'),
    capitals: true,
  },
];

/** GA 36-2018: province, office letter, five characters (six for new-energy cars). I and O are not used. */
const PLATE =
  /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][·•.\- ]?[A-HJ-NP-Z0-9]{4}(?:[A-HJ-NP-Z0-9]{1,2}|[挂学警港澳领])/i;
const PLATE_WORD = /(?:车牌|号牌|牌照|车号|车辆|plate|licen[cs]e).{0,12}$/is;

export const CHINESE_PLATES: Recognizer = {
  name: 'cn-plate',
  entities: ['CN_PLATE'],
  find(view) {
    return view.tokens.flatMap(({ start: token }) => {
      const from = Math.max(0, token - 3);
      const match = PLATE.exec(view.text.slice(from, token + 8));
      if (match === null) return [];
      const start = from + match.index;
      const end = start + match[0].length;
      if (!/\d/.test(match[0]) || isAlnumAt(view.text, end)) return [];
      // `更新v20251` is no plate: small letters need the word, the dot or all of its digits.
      const isTyped = /[a-z]/.test(match[0]) && !/[·•]|\d{5}/.test(match[0]);
      if (isTyped && !PLATE_WORD.test(view.text.slice(Math.max(0, start - 20), start))) return [];
      return [{ start, end, entity: 'CN_PLATE', score: 0.85, recognizer: 'cn-plate', validated: false }];
    });
  },
};
