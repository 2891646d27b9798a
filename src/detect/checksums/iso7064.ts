/** ISO/IEC 7064 MOD 11-2: digits and a final digit or `X` (Chinese resident id). */
export function isMod11Radix2(text: string): boolean {
  let rest = 0;
  for (let i = 0; i < text.length; i++) {
    const value = text.charAt(i) === 'X' ? 10 : text.charCodeAt(i) - 48;
    rest = (rest * 2 + value) % 11;
  }
  return rest === 1;
}

/** ISO/IEC 7064 MOD 11,10 hybrid (German tax id, German VAT). */
export function isMod11And10(digits: string): boolean {
  let product = 10;
  for (let i = 0; i < digits.length - 1; i++) {
    const sum = (digits.charCodeAt(i) - 48 + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (product + digits.charCodeAt(digits.length - 1) - 48) % 10 === 1;
}
