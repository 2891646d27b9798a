const ODD: readonly number[] = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];
const OMOCODIA = 'LMNPQRSTUV';

/** Codice fiscale (D.M. 23/12/1976): birth month and day, then the control letter; digits may be omocodia letters. */
export function isFiscalCode(compact: string): boolean {
  const match = /^[A-Z]{6}[0-9L-NP-V]{2}[A-EHLMPR-T]([0-9L-NP-V]{2})[A-Z][0-9L-NP-V]{3}[A-Z]$/.exec(compact);
  if (match === null) return false;
  const day = Number((match[1] ?? '').replace(/[L-V]/g, (letter) => String(OMOCODIA.indexOf(letter))));
  if (day % 40 < 1 || day % 40 > 31 || day > 71) return false;
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const code = compact.charCodeAt(i);
    const value = code < 65 ? code - 48 : code - 65;
    sum += i % 2 === 0 ? (ODD[value] ?? 0) : value;
  }
  return compact.charCodeAt(15) - 65 === sum % 26;
}
