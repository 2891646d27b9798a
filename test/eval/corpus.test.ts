import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import validator from 'validator';
import { type Document, generateCorpus } from './corpus.ts';
import { LOCALES, allFrames, cleanPrompts, framesOf, listsOf } from './lists.ts';
import { PARTS, type Part, ofPart } from './partition.ts';

const documents = (part: Part): Document[] => [...generateCorpus({ part, fills: 3 })];
const TEMPLATES = path.resolve('models/training/templates');

test('the corpus is the same each time it is made', (t) => {
  t.deepEqual(documents('dev'), documents('dev'));
});

test('there are enough frames of each language, and enough clean prompts', (t) => {
  for (const locale of LOCALES) {
    t.true(allFrames(locale).length >= (locale === 'en' || locale === 'zh' ? 40 : 8), locale);
  }
  t.true(LOCALES.flatMap((locale) => cleanPrompts(locale)).length >= 150);
});

test('every gold span is a slot’s value at its place and no slot is left', (t) => {
  for (const { text, spans, id } of PARTS.flatMap(documents)) {
    t.notRegex(text, /<[A-Z]+>/, id);
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
  for (const value of values('EMAIL_ADDRESS')) t.true(validator.isEmail(value), value);
});

test('every entry belongs to exactly one part', (t) => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 3, maxLength: 60 }), (items) => {
      const dealt = PARTS.flatMap((part) => ofPart('anything', items, part));
      t.deepEqual([...dealt].sort(), [...items].sort());
    }),
  );
  t.pass();
});

/** Letters only, so that punctuation and slots' names cannot hide a copy. */
const skeleton = (text: string): string =>
  text
    .replace(/\\n/g, ' ')
    .replace(/<[A-Z]+>|\{[A-Z]+\}/g, ' ')
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .trim();
/** A stretch of a frame between two slots that is long enough to be a sentence of its own. */
const stretches = (frame: string): string[] =>
  frame
    .split(/<[A-Z]+>|\n/)
    .map(skeleton)
    .filter((stretch) => stretch.length >= (/\p{Script=Han}/u.test(stretch) ? 14 : 36));

/** What a test frame, name or text shares with `training`. */
function leaks(training: string): string[] {
  const found: string[] = [];
  const letters = skeleton(training);
  for (const locale of LOCALES) {
    for (const { text } of framesOf(locale, 'test')) {
      found.push(...stretches(text).filter((stretch) => letters.includes(stretch)));
    }
    const { given, surname } = listsOf(locale, 'test');
    for (const name of given) {
      for (const family of surname) {
        const full = locale === 'zh' ? family + name : `${name} ${family}`;
        // Two characters of Chinese are a word as often as a name.
        if (full.length > 2 && training.includes(full)) found.push(full);
      }
    }
  }
  return found;
}

test('nothing of the test part is in the model’s training templates', (t) => {
  const files = readdirSync(TEMPLATES);
  t.true(files.length > 5);
  t.deepEqual(leaks(files.map((file) => readFileSync(path.join(TEMPLATES, file), 'utf8')).join('\n')), []);
});

test('nothing of the test part is in the train part', (t) => {
  const train = documents('train').map(({ text }) => text);
  t.deepEqual(leaks(train.join('\n')), []);
  const texts = new Set(train);
  t.deepEqual(
    documents('test').filter(({ text }) => texts.has(text)),
    [],
  );
  for (const locale of LOCALES) {
    const own = new Set(framesOf(locale, 'train').map(({ text }) => text));
    t.false(framesOf(locale, 'test').some(({ text }) => own.has(text)));
  }
});

test('the search for leaks finds a copied sentence and a copied name', (t) => {
  const [frame] = framesOf('en', 'test').filter(({ text }) => stretches(text).length > 0);
  t.true(leaks(`Something else.\n${frame?.text ?? ''}`).length > 0);
  const { given, surname } = listsOf('en', 'test');
  t.true(leaks(`Dear ${given[0] ?? ''} ${surname[0] ?? ''},`).length > 0);
});
