import { isWordUnit } from '../word-unit.ts';

/** One unit in lower case, blanks of any kind as a blank, curled apostrophes straight. Never changes a length. */
export function foldUnit(unit: number): number {
  if (unit < 0x80) {
    if (unit >= 0x41 && unit <= 0x5a) return unit | 0x20;
    return unit === 0x0a || unit === 0x0d || unit === 0x09 ? 0x20 : unit;
  }
  if (unit === 0xa0 || unit === 0x202f || unit === 0x2009) return 0x20;
  if (unit === 0x2019) return 0x27;
  // Letters with cases are below the scripts of East Asia.
  if (unit >= 0x2e80) return unit;
  const lower = String.fromCharCode(unit).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : unit;
}

const PLAIN = /^[\x20-\x40\x5b-\x7e\u2e80-\uffff]*$/;

export function fold(text: string): string {
  if (PLAIN.test(text)) return text;
  const pieces: string[] = [];
  const units = new Uint16Array(8192);
  for (let from = 0; from < text.length; from += units.length) {
    const count = Math.min(units.length, text.length - from);
    for (let i = 0; i < count; i++) units[i] = foldUnit(text.charCodeAt(from + i));
    pieces.push(String.fromCharCode(...units.subarray(0, count)));
  }
  return pieces.join('');
}

const WORD = /[\p{L}\p{N}\p{M}]/u;

/**
 * Whether a unit belongs to a word that ends where a blank or a sign stands. Scripts that write words without blanks,
 * or join particles to names, have no such ends: there a surrogate stands between letters.
 */
export function isWordly(unit: number): boolean {
  if (unit < 0x80) return isWordUnit(unit);
  // Thai to Burmese, Korean jamo, Khmer; then everything from the CJK radicals on.
  if ((unit >= 0x0e00 && unit <= 0x11ff) || (unit >= 0x1780 && unit <= 0x17ff) || unit >= 0x2e80)
    return false;
  return WORD.test(String.fromCharCode(unit));
}
