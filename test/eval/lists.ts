import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Part } from './partition.ts';

export const LOCALES = ['en', 'zh', 'de', 'fr', 'es', 'it', 'nl', 'pt'] as const;
export type Locale = (typeof LOCALES)[number];

const DATA = path.resolve('test/eval/data');

function lines(part: Part, folder: string, locale: Locale): readonly string[] {
  return readFileSync(path.join(DATA, part, folder, `${locale}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

export interface Frame {
  /** mail, ticket, cv, contract, clinical, chat, code, log, json, csv, tool, form, notes, prompt and the like. */
  readonly kind: string;
  /** With slots such as `<PERSON>`; `<person>` asks for the same in lower case. */
  readonly text: string;
}

export function framesOf(locale: Locale, part: Part): readonly Frame[] {
  return lines(part, 'frames', locale).map((line) => {
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

/** Parts that clean prompts come in: tuning looks at dev alone, so that test stays blind. */
export const CLEAN_PARTS = ['dev', 'test'] as const;

/** Prompts without personal data. Nothing is trained on them. */
export function cleanPrompts(locale: Locale, part: (typeof CLEAN_PARTS)[number]): readonly string[] {
  return lines(part, 'clean', locale).map((line) => line.replaceAll('\\n', '\n'));
}

export interface Lists {
  readonly given: readonly string[];
  readonly surname: readonly string[];
  readonly street: readonly string[];
  readonly city: readonly string[];
  readonly district: readonly string[];
  readonly company: readonly string[];
  readonly domain: readonly string[];
  /** Whole names from elsewhere, as they are written in this language. In the test part alone. */
  readonly foreign: readonly string[];
}

/** The part's own names, places and firms. */
export function listsOf(locale: Locale, part: Part): Lists {
  const own = (name: string): readonly string[] => {
    const line = lines(part, 'lists', locale).find((candidate) => candidate.startsWith(`${name}: `));
    return line === undefined ? [] : line.slice(name.length + 2).split('|');
  };
  return {
    given: own('given'),
    surname: own('surname'),
    street: own('street'),
    city: own('city'),
    district: own('district'),
    company: own('company'),
    domain: own('domain'),
    foreign: own('foreign'),
  };
}
