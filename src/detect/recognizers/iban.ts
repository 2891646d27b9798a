import validator from 'validator';
import { type Span } from '../../domain/span.ts';
import { type Recognizer } from '../recognizer.ts';
import { isAlnumAt, isBounded } from '../tokens.ts';

/** Total length by country: SWIFT IBAN registry. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 ' +
    'EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 ' +
    'KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 ' +
    'PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 ' +
    'VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry): [string, number] => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Written in one piece or in groups joined by single spaces or dashes; modulo 97 decides. */
export const IBAN: Recognizer = {
  name: 'iban',
  entities: ['IBAN_CODE'],
  find(view) {
    const spans: Span[] = [];
    for (const token of view.tokens) {
      const country = view.text.slice(token.start, token.start + 2).toUpperCase();
      const length = LENGTHS.get(country);
      if (length === undefined || !/^\d\d$/.test(view.text.slice(token.start + 2, token.start + 4))) continue;
      const end = collect(view.text, token.start, length);
      if (end === undefined || !isBounded(view.text, token.start, end)) continue;
      const compact = view.text.slice(token.start, end).replace(/[ -]/g, '').toUpperCase();
      if (!validator.isIBAN(compact)) continue;
      spans.push({
        start: token.start,
        end,
        entity: 'IBAN_CODE',
        score: 1,
        recognizer: 'iban',
        validated: true,
      });
    }
    return spans;
  },
};

/** The offset behind `length` letters and digits, with at most one separator between two of them. */
function collect(text: string, start: number, length: number): number | undefined {
  let seen = 0;
  for (let i = start; i < text.length; i++) {
    if (isAlnumAt(text, i)) {
      seen++;
      if (seen === length) return i + 1;
    } else if (!/[ -]/.test(text.charAt(i)) || !isAlnumAt(text, i + 1)) {
      return undefined;
    }
  }
  return undefined;
}
