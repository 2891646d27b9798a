import validator from 'validator';
import { type Span } from '../../domain/span.ts';
import { type Recognizer } from '../recognizer.ts';

const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;
const LOCAL = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\d.!#$%*+^_'~-]/u;
const DOMAIN = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\d.-]/u;
/** `logo@2x.png`, `icon@main.svg`: not addresses, and no registry has these as top-level domains. */
const FILE_ENDING = /\.(?:png|jpe?g|gif|svg|webp|css|jsx?|tsx?|json|html?|pdf|scss|yaml|yml)$/i;
/** `john [at] example [dot] com`, as people write addresses to hide them from harvesters. */
const SPELLED_AT = /[[({] ?at ?[\])}]/gi;
const SPELLED_DOMAIN = /^ ?[a-z0-9-]{1,63}(?:(?:\.| ?[[({] ?dot ?[\])}] ?)[a-z0-9-]{1,63}){1,6}/i;

function span(start: number, end: number, score: number, validated: boolean): Span {
  return { start, end, entity: 'EMAIL_ADDRESS', score, recognizer: 'email', validated };
}

export const EMAIL: Recognizer = {
  name: 'email',
  entities: ['EMAIL_ADDRESS'],
  find(view) {
    const spans: Span[] = [];
    for (let at = view.text.indexOf('@'); at >= 0; at = view.text.indexOf('@', at + 1)) {
      const found = addressAround(view.text, at);
      if (found !== undefined) spans.push(found);
    }
    for (const match of view.text.matchAll(SPELLED_AT)) {
      const found = spelledAround(view.text, match.index, match.index + match[0].length);
      if (found !== undefined) spans.push(found);
    }
    return spans;
  },
};

function addressAround(text: string, at: number): Span | undefined {
  let start = at;
  while (start > 0 && at - start < MAX_LOCAL && LOCAL.test(text.charAt(start - 1))) start--;
  while (start < at && /[.'!#$%*^~-]/.test(text.charAt(start))) start++;
  let end = at + 1;
  while (end < text.length && end - at <= MAX_DOMAIN && DOMAIN.test(text.charAt(end))) end++;
  while (end > at + 1 && /[.-]/.test(text.charAt(end - 1))) end--;
  if (start === at || !text.slice(at + 1, end).includes('.')) return undefined;
  const address = text.slice(start, end);
  if (FILE_ENDING.test(address) || /^git@(?:git|bit|ssh)/i.test(address)) return undefined;
  if (!validator.isEmail(address, { allow_utf8_local_part: true })) return undefined;
  return span(start, end, 1, true);
}

function spelledAround(text: string, at: number, behind: number): Span | undefined {
  const before = /[a-z0-9][a-z0-9._+-]{0,63} ?$/i.exec(text.slice(Math.max(0, at - MAX_LOCAL), at));
  const after = SPELLED_DOMAIN.exec(text.slice(behind, behind + MAX_DOMAIN));
  if (before === null || after === null) return undefined;
  return span(at - before[0].length, behind + after[0].length, 0.75, false);
}
