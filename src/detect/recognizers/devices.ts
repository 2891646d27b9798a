import { isLuhn } from '../checksums/luhn.ts';
import { isRepeated } from '../checksums/weighted.ts';
import { Context } from '../context.ts';
import { type IdRule } from '../id-rules.ts';

const VIN_VALUES = new Map(
  Array.from('0123456789ABCDEFGHJKLMNPRSTUVWXYZ', (letter, i): [string, number] => [
    letter,
    i < 10 ? i : Number('12345678123457923456789'.charAt(i - 10)),
  ]),
);
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** ISO 3779 with the North American check digit (49 CFR 565.15); the last four are digits. */
function isVin(compact: string): boolean {
  if (!/^[A-HJ-NPR-Z0-9]{13}\d{4}$/.test(compact) || !/[A-Z].*[A-Z]/.test(compact)) return false;
  const sum = VIN_WEIGHTS.reduce(
    (total, weight, i) => total + weight * (VIN_VALUES.get(compact.charAt(i)) ?? 0),
    0,
  );
  return compact.charAt(8) === '0123456789X'.charAt(sum % 11);
}

export const DEVICES: readonly IdRule[] = [
  {
    entity: 'VIN',
    alone: ['#################'],
    inContext: [],
    check: isVin,
    context: new Context(
      'vin',
      'vehicle identification',
      'chassis',
      'fahrgestellnummer',
      '车架号',
      '车辆识别',
    ),
    score: 0.75,
    capitals: true,
  },
  {
    // European makers do not use the check digit.
    entity: 'VIN',
    alone: [],
    inContext: ['#################'],
    check: (compact) => /^[A-HJ-NPR-Z0-9]{17}$/.test(compact),
    proof: false,
    context: new Context(
      'vin',
      'vehicle identification',
      'chassis',
      'fahrgestellnummer',
      'fin',
      '车架号',
      '车辆识别',
    ),
    capitals: true,
  },
  {
    entity: 'IMEI',
    alone: [],
    inContext: ['999999999999999', '99-999999-999999-9', '99 999999 999999 9'],
    check: (digits) => !isRepeated(digits) && isLuhn(digits),
    context: new Context('imei', 'device id', 'handset', '串号', '设备号'),
  },
];
