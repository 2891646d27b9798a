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

export const BRAZIL: readonly IdRule[] = [
  {
    entity: 'BR_CPF',
    alone: ['999.999.999-99'],
    inContext: ['99999999999', '999 999 999 99', '999999999-99'],
    check: isCpf,
    context: new Context('cpf', 'cadastro de pessoas', 'contribuinte', 'brazilian id', '巴西税号'),
  },
];
