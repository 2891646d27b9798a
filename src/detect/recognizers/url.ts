import { type Span } from '../../domain/span.ts';
import { type Recognizer } from '../recognizer.ts';

const MAX_URL = 4096;
const SCHEME = /[a-z][a-z0-9+.-]{1,20}$/i;
const END = /[\s<>"'`|\\^{}\u3000-\u9fff]/;
const CREDENTIALS = /^[^/?#@]{1,256}@/;
const SECRET_PARAMETER =
  /[?&#;](?:[a-z_.-]{0,20}(?:token|secret|password|passwd|signature|api[_-]?key|apikey|session|jwt|credential)|sig|pwd|auth|code|otp|sid)=[^&#\s]{4,}/i;
const PERSON_PARAMETER =
  /[?&#;](?:e-?mail|user|user_?(?:id|name)|uid|account_?id|customer_?id|phone|mobile|tel|first_?name|last_?name|full_?name|dob|ssn)=[^&#\s]{2,}/i;
const PROFILE =
  /^https?:\/\/(?:[a-z]{1,3}\.)?(?:linkedin\.com\/in\/|facebook\.com\/profile\.php\?id=|wa\.me\/\d|t\.me\/\w)/i;

/** A public address is nobody's data; one that carries a login, a token or a person's identifier is. */
export const URL_WITH_IDENTITY: Recognizer = {
  name: 'url',
  entities: ['URL', 'SECRET'],
  find(view) {
    const spans: Span[] = [];
    for (let at = view.text.indexOf('://'); at >= 0; at = view.text.indexOf('://', at + 3)) {
      const scheme = SCHEME.exec(view.text.slice(Math.max(0, at - 21), at))?.[0];
      if (scheme === undefined) continue;
      const found = classify(view.text, at - scheme.length, at + 3);
      if (found !== undefined) spans.push(found);
    }
    return spans;
  },
};

function classify(text: string, start: number, authority: number): Span | undefined {
  let end = authority;
  while (end < text.length && end - start < MAX_URL && !END.test(text.charAt(end))) end++;
  while (end > authority && /[.,;:!?)\]]/.test(text.charAt(end - 1))) end--;
  const url = text.slice(start, end);
  const login = CREDENTIALS.exec(text.slice(authority, end))?.[0];
  const make = (entity: string, score: number, validated: boolean): Span => ({
    start,
    end,
    entity,
    score,
    recognizer: 'url',
    validated,
  });
  if (login?.includes(':') === true) {
    // A connection string is worth nothing but its secret; a web address still reads as one.
    return make(/^https?:/i.test(url) ? 'URL' : 'SECRET', 0.95, true);
  }
  if (SECRET_PARAMETER.test(url)) return make('URL', 0.9, true);
  if (login !== undefined && !/^git@/i.test(login)) return make('URL', 0.7, false);
  if (PERSON_PARAMETER.test(url) || PROFILE.test(url)) return make('URL', 0.7, false);
  return undefined;
}
