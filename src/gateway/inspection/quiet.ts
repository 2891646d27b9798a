import { NUMBER_WORDS } from '../../detect/spelled.ts';

/** How far a text goes on without a word that could be part of a number or a secret. */
export interface Quiet {
  /** Behind the last such word and the white space that follows. */
  readonly to: number;
  /** True when the next word is not yet whole, or what it means hangs on the one behind it. */
  readonly pending: boolean;
}

const WIDE =
  '\\u3040-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7af\\u3001-\\u3003\\u300a-\\u3011\\uff0c\\uff01\\uff1f\\uff1b';
/** A run of ideographs and their punctuation, or of anything else that is not white space. */
const WORD = new RegExp(`(\\s*)(?:([${WIDE}]{1,64})|([^\\s${WIDE}]{1,64}))`, 'uy');
const SPACES = /\s*/y;

const MARKS = '["\'“”‘’«»()\\[\\]*_`#]{0,4}';
/** Letters, with hyphens and apostrophes between them, and what stands around words. A colon promises a value. */
const PLAIN = new RegExp(
  `^${MARKS}(?:[\\p{L}\\p{M}]{1,30}(?:['’-][\\p{L}\\p{M}]{1,30}){0,4})?${MARKS}[.,;!?…–—-]{0,3}${MARKS}$`,
  'u',
);
/** Many capitals or many changes of case inside a word, and it may be a key. */
const KEY_LIKE = /\p{Lu}{14}|(?:\p{Ll}\p{Lu}.*){3}/u;
/** Latin letters beside Greek or Cyrillic ones that look like them. */
const MIXED = /[A-Za-z].*[\u0370-\u052f]|[\u0370-\u052f].*[A-Za-z]/;
/** Behind these anything may be a secret, plain words too. */
const LABEL =
  /pass(?:w|phrase|code|kod)|passe|contraseñ|(?<!\p{L})(?:mdp|clave|chiave|pw|pins?)(?!\p{L})|kennw|wachtw|senha|parola|hasł|парол|lösenord|pwd|secret|token|credential|bearer|basic/iu;
const CAPITALS = /^\W*\p{Lu}{1,5}\W*$/u;
/** Labels of Chinese, Japanese and Korean by one of their characters: 密码, 口令, 令牌, 暗証, パスワード, 비밀번호, 암호. */
const WIDE_LABEL = /[密令暗パ비암]/;
const NUMERALS = '〇零○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖';
const HAS_NUMBER = /\p{N}/u;
const HAS_LETTER = /\p{L}/u;

/**
 * Numbers are written in digits, or spelled out; secrets have digits, odd letters or a label. So words of ordinary
 * letters that are neither spelled digits nor labels can be let go as they come, unread. Whatever is not plainly such
 * a word stops the run: any digit of any script, any sign or invisible character, capitals in front of a digit.
 */
export function passQuiet(text: string, from: number, ended: boolean): Quiet {
  let to = from;
  for (;;) {
    const found = wordAt(text, to, ended);
    if (found === undefined) {
      // White space alone: nothing can begin with it.
      return { to: skipSpaces(text, to), pending: false };
    }
    const { word, start, end } = found;
    if (found.wide) {
      const stop = wideStop(text, start, end, ended);
      if (stop !== undefined) return stop;
    } else {
      if (!found.isWhole) return { to: start, pending: true };
      if (!PLAIN.test(word) || LABEL.test(word) || KEY_LIKE.test(word) || isDisguised(word))
        return { to: start, pending: false };
      if (CAPITALS.test(word) || isNumeric(word)) {
        const next = wordAt(text, end, ended);
        if (next?.isWhole !== true && !ended) return { to: start, pending: true };
        if (next !== undefined && (isNumeric(next.word) || !HAS_LETTER.test(next.word))) {
          return { to: start, pending: false };
        }
      }
    }
    to = skipSpaces(text, end);
  }
}

/** Units before a place where a label is looked for. */
export const LABELLED = 64;

/** True shortly behind a label, on the next line and in the next string of JSON too: what it labels may be a plain word. */
export function followsLabel(before: string): boolean {
  const near = before.slice(-LABELLED);
  return LABEL.test(near) || WIDE_LABEL.test(near);
}

/** True for a word with a digit of any script, and for one that spells a number or a part of one. */
export function isNumeric(word: string): boolean {
  if (HAS_NUMBER.test(word)) return true;
  const parts = word.toLowerCase().match(/\p{L}+/gu) ?? [];
  return parts.some((part) => NUMBER_WORDS.has(part));
}

/** True for letters that recognisers read as other letters: full width, look-alikes. */
function isDisguised(word: string): boolean {
  return MIXED.test(word) || word.normalize('NFC') !== word.normalize('NFKC');
}

interface Word {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly wide: boolean;
  /** Nothing that may still come belongs to it. */
  readonly isWhole: boolean;
}

function wordAt(text: string, from: number, ended: boolean): Word | undefined {
  WORD.lastIndex = from;
  const match = WORD.exec(text);
  if (match === null) return undefined;
  const [whole, space = '', wide, other = ''] = match;
  const end = from + whole.length;
  return {
    word: wide ?? other,
    start: from + space.length,
    end,
    wide: wide !== undefined,
    isWhole: ended || end < text.length,
  };
}

/** Where a run of ideographs stops being quiet: at a label, or at a numeral that another may follow. */
function wideStop(text: string, start: number, end: number, ended: boolean): Quiet | undefined {
  for (let at = start; at < end; at++) {
    const unit = text.charAt(at);
    if (WIDE_LABEL.test(unit)) return { to: at, pending: false };
    if (!NUMERALS.includes(unit)) continue;
    const next = text.charAt(at + 1);
    if (next === '' && !ended) return { to: at, pending: true };
    if (next !== '' && (NUMERALS.includes(next) || /[\s\p{N}-]/u.test(next)))
      return { to: at, pending: false };
  }
  return undefined;
}

function skipSpaces(text: string, from: number): number {
  SPACES.lastIndex = from;
  return from + (SPACES.exec(text)?.[0].length ?? 0);
}
