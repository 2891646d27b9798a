import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Part, ofPart } from './partition.ts';

export const LOCALES = ['en', 'zh', 'de', 'fr', 'es', 'it', 'nl', 'pt'] as const;
export type Locale = (typeof LOCALES)[number];

const DATA = path.resolve('test/eval/data');

function lines(folder: string, locale: Locale): readonly string[] {
  return readFileSync(path.join(DATA, folder, `${locale}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

export interface Frame {
  /** mail, ticket, cv, contract, clinical, chat, code, log, json, csv, tool, form, notes or prompt. */
  readonly kind: string;
  /** With slots such as `<PERSON>`. */
  readonly text: string;
}

export function allFrames(locale: Locale): readonly Frame[] {
  return lines('frames', locale).map((line) => {
    const bar = line.indexOf('|');
    return {
      kind: line.slice(0, bar),
      text: line
        .slice(bar + 1)
        .replaceAll('\\n', '\n')
        .replaceAll('\\t', '\t'),
    };
  });
}

export function framesOf(locale: Locale, part: Part): readonly Frame[] {
  const own = new Set(ofPart('frame', allFrames(locale).map(({ text }) => text), part)); // prettier-ignore
  return allFrames(locale).filter(({ text }) => own.has(text));
}

/** Prompts without personal data. Not split: nothing is trained on them. */
export function cleanPrompts(locale: Locale): readonly string[] {
  return lines('clean', locale).map((line) => line.replaceAll('\\n', '\n'));
}

export interface Lists {
  readonly given: readonly string[];
  readonly surname: readonly string[];
  readonly street: readonly string[];
  readonly city: readonly string[];
  readonly district: readonly string[];
  readonly company: readonly string[];
  readonly domain: readonly string[];
}

/** All entries of a list: separated by `|`, or by spaces with `_` for a space inside an entry. */
function entries(locale: Locale, name: string): readonly string[] {
  const line = lines('lists', locale).find((candidate) => candidate.startsWith(`${name}: `));
  if (line === undefined) return [];
  const body = line.slice(name.length + 2);
  return body.includes('|') ? body.split('|') : body.split(' ').map((entry) => entry.replaceAll('_', ' '));
}

/**
 * The part's own names. Chinese surnames are not split: a hundred of them cover nine people in ten, so given names
 * keep the full names apart.
 */
export function listsOf(locale: Locale, part: Part): Lists {
  const own = (name: string): readonly string[] => ofPart(name, entries(locale, name), part);
  return {
    given: own('given'),
    surname: locale === 'zh' ? entries(locale, 'surname') : own('surname'),
    street: own('street'),
    city: own('city'),
    district: locale === 'zh' ? own('district') : [],
    company: own('company'),
    domain: own('domain'),
  };
}
