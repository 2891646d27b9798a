/**
 * Check digits computed here and not with src/detect/checksums: a rule that is wrong there must not be proved by
 * itself. Every function takes the digits without the check and gives the check.
 */
export function luhnDigit(body: string): string {
  const sum = Array.from(body)
    .reverse()
    .map(Number)
    .reduce(
      (total, digit, i) => total + (i % 2 === 0 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit),
      0,
    );
  return String((10 - (sum % 10)) % 10);
}

export function weighted(body: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * Number(body.charAt(i)), 0);
}

/** ISO 13616: country and check digits for a basic bank account number. */
export function iban(country: string, account: string): string {
  const spelled = Array.from(`${account}${country}00`, (letter) => parseInt(letter, 36)).join('');
  const check = 98n - (BigInt(spelled) % 97n);
  return `${country}${String(check).padStart(2, '0')}${account}`;
}

/** GB 11643: weights 2^(18−i) mod 11. */
export function residentIdCheck(body: string): string {
  const sum = weighted(body, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return '10X98765432'.charAt(sum % 11);
}

/** GB 32100. */
export function creditCodeCheck(body: string): string {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const sum = Array.from(body).reduce(
    (total, letter, i) => total + alphabet.indexOf(letter) * (3 ** i % 31),
    0,
  );
  return alphabet.charAt((31 - (sum % 31)) % 31);
}

/** Undefined where the rule gives 10, which is never issued. */
export function nhsDigit(body: string): string | undefined {
  const rest = (11 - (weighted(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return rest === 10 ? undefined : String(rest);
}

/** ISO 7064 MOD 11,10. */
export function mod1110Digit(body: string): string {
  let product = 10;
  for (const digit of body) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return String((11 - product) % 10);
}

export function cpfDigits(body: string): string {
  const digit = (text: string): string => {
    const sum = Array.from(text).reduce(
      (total, value, i) => total + Number(value) * (text.length + 1 - i),
      0,
    );
    return String(((sum * 10) % 11) % 10);
  };
  const first = digit(body);
  return first + digit(body + first);
}

const ODD = '1 0 5 7 9 13 15 17 19 21 2 4 18 20 11 3 6 8 12 14 16 10 22 25 24 23'.split(' ').map(Number);

/** Codice fiscale: odd places (the first is odd) by table, even places by value. */
export function fiscalCodeLetter(body: string): string {
  const sum = Array.from(body).reduce((total, letter, i) => {
    const value = /\d/.test(letter) ? Number(letter) : letter.charCodeAt(0) - 65;
    return total + (i % 2 === 0 ? (ODD[value] ?? 0) : value);
  }, 0);
  return String.fromCharCode(65 + (sum % 26));
}
