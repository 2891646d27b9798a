import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { isValidPhoneNumber } from 'libphonenumber-js';
import validator from 'validator';
import { type Document, generateCorpus } from './corpus.ts';
import { type Source, sharedRuns, sharedValues, testTexts } from './leaks.ts';
import { CLEAN_PARTS, LOCALES, cleanPrompts, framesOf, listsOf } from './lists.ts';
import { PARTS, type Part } from './partition.ts';
import { Random } from './random.ts';
import { countWords } from './score.ts';
import { VARIANTS, applyVariant } from './variants.ts';

const documents = (part: Part): Document[] => [...generateCorpus({ part, fills: 3 })];
const TRAINING = path.resolve('models/training');

test('the corpus is the same each time it is made', (t) => {
  t.deepEqual(documents('dev'), documents('dev'));
});

test('the test part has enough frames, values and clean words of each language to say something', (t) => {
  for (const locale of LOCALES) {
    const first = locale === 'en' || locale === 'zh';
    t.true(framesOf(locale, 'test').length >= (first ? 24 : 14), locale);
    t.true(framesOf(locale, 'dev').length >= (first ? 24 : 8), locale);
    const { given, surname, street, city, company } = listsOf(locale, 'test');
    for (const names of [given, surname]) t.true(names.length >= 40, locale);
    for (const name of [...given, ...surname]) t.true(name.length <= (locale === 'zh' ? 2 : 25), name);
    for (const list of [street, city, company]) t.true(list.length >= 25, locale);
    const words = cleanPrompts(locale, 'test').reduce((sum, text) => sum + countWords(text), 0);
    t.true(words >= (locale === 'en' ? 1500 : 600), locale);
    t.true(cleanPrompts(locale, 'dev').length >= 10, locale);
  }
});

test('every language has every kind of personal data in its test frames', (t) => {
  const asked = 'PERSON GIVEN SURNAME COMMA INITIAL FOREIGN ADDRESS CITY ORG DOB AGE PHONE EMAIL IBAN CARD NID IP PASSWORD SECRET given person'; // prettier-ignore
  const chinese = 'PERSON GIVEN SURNAME FOREIGN ADDRESS CITY ORG DOB AGE PHONE MOBILE EMAIL BANK RID USCC PLATE IP PASSWORD SECRET'; // prettier-ignore
  for (const locale of LOCALES) {
    const text = framesOf(locale, 'test').map((frame) => frame.text).join(''); // prettier-ignore
    const own = locale === 'zh' ? chinese : locale === 'en' ? asked.replace('NID', 'SSN NHS NINO') : asked;
    for (const slot of own.split(' ')) t.true(text.includes(`<${slot}>`), `${locale} ${slot}`);
  }
});

test('every gold span is a slot’s value at its place and no slot is left', (t) => {
  for (const { text, spans, id } of PARTS.flatMap(documents)) {
    t.notRegex(text, /<(?:[A-Z]+|[a-z]+)>/, id);
    let behind = 0;
    for (const { start, end } of spans) {
      t.true(start >= behind && end > start && end <= text.length, id);
      t.is(text.slice(start, end).trim(), text.slice(start, end), id);
      behind = end;
    }
  }
});

test('identifiers are valid by a library that is not ours', (t) => {
  const plain = PARTS.flatMap(documents).filter(({ variant }) => variant === 'plain');
  const values = (entity: string): string[] =>
    plain.flatMap(({ text, spans }) =>
      spans.filter((span) => span.entity === entity).map(({ start, end }) => text.slice(start, end)),
    );
  t.true(values('CREDIT_CARD').length > 20);
  for (const value of values('CREDIT_CARD'))
    t.true(validator.isLuhnNumber(value.replace(/[ .-]/g, '')), value);
  for (const value of values('IBAN_CODE')) t.true(validator.isIBAN(value.replace(/[ -]/g, '')), value);
  for (const value of values('CN_RESIDENT_ID'))
    t.true(validator.isIdentityCard(value.replace(/[ -]/g, ''), 'zh-CN'), value);
  for (const value of values('ES_NIF'))
    t.true(validator.isIdentityCard(value.replace(/[.-]/g, ''), 'ES'), value);
  for (const value of values('ES_NIE'))
    t.true(validator.isIdentityCard(value.replace(/[ -]/g, ''), 'ES'), value);
  for (const value of values('IT_FISCAL_CODE'))
    t.true(validator.isTaxID(value.replaceAll(' ', ''), 'it-IT'), value);
  for (const value of values('BR_CPF')) t.true(validator.isTaxID(value.replace(/[.-]/g, ''), 'pt-BR'), value);
  for (const value of values('DE_TAX_ID'))
    t.true(validator.isTaxID(value.replaceAll(' ', ''), 'de-DE'), value);
  for (const value of values('NL_BSN')) t.true(validator.isTaxID(value.replace(/[ .]/g, ''), 'nl-NL'), value);
  for (const value of values('IP_ADDRESS')) t.true(validator.isIP(value), value);
  for (const value of values('EMAIL_ADDRESS')) t.true(validator.isEmail(value), value);
});

test('phone numbers of the test part are valid in their country', (t) => {
  const regions = { en: ['US', 'GB'], zh: ['CN'], de: ['DE'], fr: ['FR'], es: ['ES'], it: ['IT'], nl: ['NL'], pt: ['PT'] } as const; // prettier-ignore
  for (const { text, spans, variant, locale } of documents('test')) {
    for (const { start, end, entity } of variant === 'plain' ? spans : []) {
      if (entity !== 'PHONE_NUMBER' && entity !== 'CN_MOBILE') continue;
      // The library reads no brackets around a country code, people do.
      const number = text.slice(start, end).replace(/^\((\+\d+)\)/, '$1');
      t.true(regions[locale].some((region) => isValidPhoneNumber(number, region)), `${locale} ${number}`); // prettier-ignore
    }
  }
});

test('typing mistakes leave identifiers and their labels as they are', (t) => {
  const label = { text: 'Please note the following burgerservicenummer: ', entity: undefined };
  for (let i = 0; i < 50; i++) {
    const random = new Random(`typos ${i}`);
    const made = applyVariant('typos', label, { locale: 'nl', random, next: 'NL_BSN' });
    t.true(made.endsWith('burgerservicenummer: '), made);
    const prose = applyVariant('typos', label, { locale: 'nl', random, next: 'PERSON' });
    if (i > 0 && prose !== label.text) return;
  }
  t.fail('no typing mistake was made at all');
});

test('numbers are dictated where people dictate', (t) => {
  const dictated = documents('test').filter(({ variant }) => variant === 'spelled' || variant === 'spaced');
  t.true(dictated.length > 50);
  for (const { kind, id } of dictated)
    t.false(['json', 'csv', 'log', 'code', 'yaml', 'tool'].includes(kind), id);
  const phone = { text: '+1 (206) 555-0142 ext. 33', entity: 'PHONE_NUMBER' };
  const around = { locale: 'en', random: new Random(''), next: undefined };
  t.is(
    applyVariant('spelled', phone, around),
    'plus one two zero six five five five zero one four two extension three three',
  );
  t.is(applyVariant('spaced', phone, around), '+ 1 2 0 6 5 5 5 0 1 4 2 ext. 33');
});

test('a variant has the values of the plain document it is made of', (t) => {
  const made = documents('test');
  const valuesOf = ({ text, spans }: Document): string[] =>
    spans.map(({ start, end }) => text.slice(start, end).toLowerCase());
  const plain = new Map(made.filter(({ variant }) => variant === 'plain').map((one) => [one.id, one]));
  for (const one of made.filter(({ variant }) => variant === 'lower')) {
    const from = plain.get(one.id.replace('lower', 'plain'));
    t.deepEqual(valuesOf(one), from === undefined ? [] : valuesOf(from), one.id);
  }
  t.is(new Set(made.map(({ variant }) => variant)).size, VARIANTS.length);
});

const isText = (name: string): boolean => name.endsWith('.txt') || name.endsWith('.py');
/** All that training reads and that lies in the repository; faker’s lists are looked at by check-names.ts. */
const training = (): Source[] =>
  ['', 'templates'].flatMap((folder) =>
    readdirSync(path.join(TRAINING, folder))
      .filter(isText)
      .map((name) => ({ name, text: readFileSync(path.join(TRAINING, folder, name), 'utf8') })),
  );
const otherParts = (): Source[] =>
  (['train', 'dev'] as const).flatMap((part) =>
    LOCALES.map((locale) => ({
      name: `${part} ${locale}`,
      text: [
        ...framesOf(locale, part).map(({ text }) => text),
        ...(part === 'dev' ? cleanPrompts(locale, 'dev') : []),
        ...Object.values(listsOf(locale, part)).map((list: readonly string[]) => list.join('\n')),
      ].join('\n'),
    })),
  );

test('no test frame or clean prompt shares six words in a row with what the model is trained on', (t) => {
  const sources = training();
  t.true(sources.length > 15);
  t.deepEqual(sharedRuns(testTexts(), sources), []);
});

test('no full name, place, street or firm of the test part is in what the model is trained on', (t) => {
  t.deepEqual(sharedValues(training()), []);
});

test('nothing of the test part is in the other parts', (t) => {
  t.deepEqual(sharedRuns(testTexts(), otherParts()), []);
  for (const locale of LOCALES) {
    const other = PARTS.filter((part) => part !== 'test').map((part) => listsOf(locale, part));
    for (const name of ['given', 'street', 'city', 'district', 'company', 'domain'] as const) {
      const known = new Set(other.flatMap((lists) => lists[name]));
      t.deepEqual(listsOf(locale, 'test')[name].filter((entry) => known.has(entry)), [], `${locale} ${name}`); // prettier-ignore
    }
  }
  const texts = new Set([...documents('train'), ...documents('dev')].map(({ text }) => text));
  t.deepEqual(documents('test').filter(({ text }) => texts.has(text)), []); // prettier-ignore
});

test('the search for leaks finds a planted sentence, name and place, in English and Chinese', (t) => {
  const planted = (text: string): Source[] => [{ name: 'planted', text }];
  for (const locale of LOCALES) {
    for (const { text } of framesOf(locale, 'test').filter(({ kind }) => kind === 'mail')) {
      // As a training template would have it: other slots, other case, other stops.
      const copied = text
        .replace(/<[A-Za-z]+>/g, '{P}')
        .replace(/[,.，。]/g, ' ')
        .toUpperCase();
      t.true(sharedRuns(testTexts(), planted(`Something else.\n${copied}`)).length > 0, locale);
    }
    const { given, surname, city, company } = listsOf(locale, 'test');
    const [name = '', family = ''] = [given[0], surname.at(-1)];
    const full = locale === 'zh' ? family + name : `${name} ${family}`;
    t.true(sharedValues(planted(`"${full}"`)).includes(`planted: ${full}`));
    t.true(sharedValues(planted(`["${city[0] ?? ''}", "${company[0] ?? ''}"]`)).length >= 2, locale);
  }
  for (const part of CLEAN_PARTS) {
    const [prompt = ''] = cleanPrompts('en', part);
    t.is(sharedRuns(testTexts(), planted(prompt)).length > 0, part === 'test');
  }
});
