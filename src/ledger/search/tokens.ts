import { isIP } from 'node:net';
import { type DetectedValue } from '../../domain/record.ts';

/**
 * What a value is asked for by, hex of 16 bytes: HMAC-SHA256 under the index key of tenant, class and normalised value,
 * cut. Who has the key can try out values; without it a token says nothing.
 */
export type Token = string;

/** A value as somebody asks for it. `any` is read in every way in which it might have been found. */
export interface AskedValue {
  readonly kind: 'email' | 'phone' | 'name' | 'any';
  readonly text: string;
}

export interface Tokens {
  /** Of everything found in a call and of the name of its data subject. `partial`: there were more than are kept. */
  ofRecord(
    tenant: string,
    values: readonly DetectedValue[],
    dataSubject: string,
  ): { readonly tokens: readonly Token[]; readonly partial: boolean };
  /** A record holds the value when it has one token of each list; undefined when there is nothing to ask for in it. */
  ofQuery(tenant: string, value: AskedValue): readonly (readonly Token[])[] | undefined;
}

export interface TokenDeps {
  /** See Keyring.reference. */
  readonly reference: (parts: readonly string[], version: number) => Buffer;
  /** Versions of the index key, oldest first: the last is written, all are asked. */
  readonly versions: () => readonly number[];
  /** E.164, or undefined for what is no telephone number of the configured countries. */
  readonly phone: (text: string) => string | undefined;
}

type Class = 'email' | 'phone' | 'word' | 'words' | 'code' | 'text' | 'exact';

const TOKEN_DIGITS = 32;
/** Distinct values of one record that are indexed: what takes longer would hold up everybody else's calls. */
const MAX_VALUES = 1_024;
/** Of one record: a long list of long names has many more tokens than values. */
const MAX_TOKENS = 2_048;
const MAX_WORDS = 5;
const MAX_CHARS = 1_024;
/** A person's own choice among few: an index of them would help only who guesses. */
const NOT_INDEXED: ReadonlySet<string> = new Set(['PASSWORD']);
const TITLES =
  /^(?:mr|mrs|ms|miss|mx|dr|prof|sir|madam|herr|frau|monsieur|mme|m|mlle|sr|sra|srta|sig|signora|dhr|mevr)$/;

export function createTokens({ reference, versions, phone }: TokenDeps): Tokens {
  const token = (tenant: string, kind: Class, text: string, version: number): Token =>
    reference(['index', tenant, kind, text], version).toString('hex').slice(0, TOKEN_DIGITS);

  const numbers = (text: string): readonly string[] => {
    const number = phone(text);
    const digits = plain(text).replace(/[^\d+]/g, '');
    if (number !== undefined) return [number];
    // A Chinese mobile is told by its own shape, whichever countries are configured.
    return /^1[3-9]\d{9}$/.test(digits) ? [`+86${digits}`] : digits === '' ? [] : [digits];
  };

  const formsOf = ({ entity, value }: DetectedValue): readonly (readonly [Class, string])[] => {
    if (value.length > MAX_CHARS || NOT_INDEXED.has(entity)) return [];
    if (entity === 'EMAIL_ADDRESS') return [['email', folded(value)]];
    if (entity === 'PHONE_NUMBER' || entity === 'CN_MOBILE')
      return numbers(value).map((number) => ['phone', number]);
    if (entity === 'PERSON') return nameForms(value);
    if (entity === 'SECRET') return [['exact', value]];
    return [shaped(value)];
  };

  return {
    ofRecord(tenant, values, dataSubject) {
      const forms = new Map<string, readonly [Class, string]>();
      const add = (form: readonly [Class, string]): void => void forms.set(form.join('\0'), form);
      if (dataSubject.length <= MAX_CHARS) {
        add(dataSubject.includes('@') ? ['email', folded(dataSubject)] : shaped(dataSubject));
      }
      for (const value of values.slice(0, MAX_VALUES)) formsOf(value).forEach(add);
      const asked = [...forms.values()].filter(([, text]) => text !== '');
      const version = versions().at(-1) ?? 1;
      const tokens = asked.slice(0, MAX_TOKENS).map(([kind, text]) => token(tenant, kind, text, version));
      return { tokens, partial: values.length > MAX_VALUES || asked.length > MAX_TOKENS };
    },
    ofQuery(tenant, { kind, text }) {
      const asked = (forms: readonly (readonly [Class, string])[]): readonly Token[] =>
        forms
          .filter(([, form]) => form !== '')
          .flatMap(([form, value]) => versions().map((version) => token(tenant, form, value, version)));
      const some = (tokens: readonly Token[]) => (tokens.length === 0 ? undefined : [tokens]);
      if (kind === 'email') return some(asked([['email', folded(text)]]));
      if (kind === 'phone') return some(asked(numbers(text).map((number) => ['phone', number])));
      if (kind === 'name') {
        const all = askedName(text).map((form) => asked([form]));
        return all.length === 0 ? undefined : all;
      }
      const [first, ...others] = askedName(text);
      const names = others.length > 0 || /\d/.test(text) || first === undefined ? [] : [first];
      const calls = /\d.*\d.*\d.*\d.*\d/s.test(text) ? numbers(text) : [];
      return some(
        asked([
          ...(text.includes('@') ? [['email', folded(text)] as const] : []),
          ...calls.map((number) => ['phone', number] as const),
          ...names,
          shaped(text),
          ['exact', text],
        ]),
      );
    },
  };
}

/** Compatibility forms unified, invisible characters gone, blanks single. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Upper case first: ß and SS are the same name. */
function folded(text: string): string {
  return plain(text).toUpperCase().toLowerCase();
}

/** What holds a digit is compared without what groups it, unless the grouping is the value; the rest without its case. */
function shaped(value: string): readonly [Class, string] {
  const text = plain(value);
  if (!/\p{N}/u.test(text) || isIP(text) !== 0 || text.includes('://')) return ['text', folded(value)];
  return ['code', text.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase()];
}

/** Accents of Latin letters count for nothing, and neither do titles and initials' dots. */
function wordsOf(name: string): readonly string[] {
  const bare = folded(name)
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
  const words = bare.split(/[^\p{L}\p{M}\p{N}'’]+/u).filter((word) => word !== '');
  const kept = words.filter((word) => !TITLES.test(word));
  const named = [...new Set(kept.length === 0 ? words : kept)];
  // Of a long name, the first words and the last.
  return named.length <= MAX_WORDS ? named : [...named.slice(0, MAX_WORDS - 1), named.at(-1) ?? ''];
}

/** Each word of a name and each pair of words: "Miller" and "Anna Miller" both find "Dr. Anna B. Miller". */
function nameForms(name: string): readonly (readonly [Class, string])[] {
  const words = wordsOf(name);
  const pairs = words.flatMap((first, i) => words.slice(i + 1).map((second) => pair(first, second)));
  return [...words.map((word) => ['word', word] as const), ...pairs];
}

/** One word, or the first with each of the others. */
function askedName(name: string): readonly (readonly [Class, string])[] {
  const [first, ...others] = wordsOf(name);
  if (first === undefined) return [];
  return others.length === 0 ? [['word', first]] : others.map((other) => pair(first, other));
}

function pair(a: string, b: string): readonly [Class, string] {
  return ['words', [a, b].sort((x, y) => (x < y ? -1 : 1)).join(' ')];
}
