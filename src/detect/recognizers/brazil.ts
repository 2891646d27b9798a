import { isRepeated, weightedSum } from '../checksums/weighted.ts';
import { Context } from '../context.ts';
import { type IdRule } from '../id-rules.ts';

/** Receita Federal: two check digits modulo 11. */
function isCpf(digits: string): boolean {
  const check = (weights: readonly number[]): number => ((weightedSum(digits, weights) * 10) % 11) % 10;
  return (
    !isRepeated(digits) &&
    check([10, 9, 8, 7, 6, 5, 4, 3, 2]) === Number(digits.charAt(9)) &&
    check([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) === Number(digits.charAt(10))
  );
}

/** Companies: the same, with weights that run from 2 to 9 and start again. */
function isCnpj(digits: string): boolean {
  const check = (weights: readonly number[]): number => {
    const rest = weightedSum(digits, weights) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  return (
    !isRepeated(digits) &&
    check([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === Number(digits.charAt(12)) &&
    check([6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === Number(digits.charAt(13))
  );
}

export const BRAZIL: readonly IdRule[] = [
  {
    entity: 'BR_CPF',
    alone: ['999.999.999-99'],
    inContext: ['99999999999', '999 999 999 99', '999999999-99'],
    check: isCpf,
    context: new Context('cpf', 'cadastro de pessoas', 'contribuinte', 'brazilian id', '巴西税号'),
  },
  {
    entity: 'BR_CNPJ',
    alone: ['99.999.999/9999-99'],
    inContext: ['99999999999999'],
    check: isCnpj,
    context: new Context('cnpj', 'cadastro nacional', 'pessoa jurídica'),
  },
];
