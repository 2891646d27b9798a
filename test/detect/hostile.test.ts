import test from 'ava';
import fc from 'fast-check';
import { merge } from '../../src/detect/merge.ts';
import { detect } from './find.ts';

/** Anything worse than linear does not come back from these within the runner's time limit. */
const MEGABYTE = 1 << 20;
for (const unit of [
  '1',
  '1 ',
  '@',
  'a@',
  '<',
  'a.a.a.',
  '+1 ',
  '+1 (',
  '-',
  '1-',
  '1.',
  'a1',
  '%41',
  '&#',
  '::',
  'a:',
  '://',
  'A',
  '密码',
  '一',
  'password=',
  'token ',
  'pin: 1234 ',
  'pwd is "',
  'lat: ',
  '-----END ',
  '1-800-555-0199 ',
  'born 1 ',
  'age 1 ',
  '\u200b',
  '\ufdfa',
  '\ud800',
  'е',
  '-----BEGIN PRIVATE KEY-----',
  'eyJ',
  'tel 1 2 3 4 5 6 7 8 ',
  'one ',
  'quatre-vingt-',
  'double ',
  '\\n',
  '\\\\u0031',
  'employee id: ',
  'employee id: 1234 ',
  '1/',
  'username: a1 ',
  '@aaaa ',
  'instagram: ',
  'password a1b2c3d ',
  '一九八四年三月十二日',
  'Rowan Avenue ',
]) {
  test(`a quarter of a megabyte of ${JSON.stringify(unit)} is read to its end`, (t) => {
    const text = unit.repeat(MEGABYTE / 4 / unit.length);
    const spans = detect(text);
    t.true(spans.every((span) => span.start < span.end && span.end <= text.length));
  });
}

/** Values that some recogniser finds wherever they stand, with what they need beside them. */
const VALUES = fc.constantFrom(
  '219-09-9999',
  '4111111111111111',
  '+12125550123',
  'a@example.com',
  'DOB: 1984-03-12',
  'password: x1y2z3',
  'DE89370400440532013000',
  '身份证11010519491231002X',
  '手机一三八零零一三八零零零',
  'two one two five five five oh one seven nine',
  'Employee ID: E-20391',
  'username: jdoe84',
  '221 Pine Street, Springfield, IL 62704',
  '京A12345',
  'card\\t4111111111111111\\n',
  '51.6.7.8',
);

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

test('no span begins or ends inside a character', (t) => {
  const noise = fc.constantFrom(
    '😀',
    '𠮷',
    '👨‍👩‍👧',
    '\u200b',
    '％４０',
    '%40',
    '\ud83d',
    '\ude00',
    ' ',
    '\ufdfa',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(VALUES, noise), { maxLength: 12 }), (list) => {
      const text = list.join('');
      for (const { start, end } of detect(text)) {
        for (const edge of [start, end]) {
          const isInside = isLow(text.charCodeAt(edge)) && /[\ud800-\udbff]/.test(text.charAt(edge - 1));
          t.false(isInside, JSON.stringify(text));
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('what is found in a text is found in it wherever it stands', (t) => {
  const filler = fc
    .array(fc.constantFrom('lorem', 'ipsum', 'dolor', 'sit', 'amet', 'elit', '天气', '晴朗'), {
      minLength: 30,
      maxLength: 200,
    })
    .map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.array(VALUES, { minLength: 1, maxLength: 5 }), filler, filler, (list, before, behind) => {
      const text = list.join(' ; ');
      const own = detect(text);
      const shift = before.length + 3;
      t.deepEqual(
        detect(`${before} \n ${text} \n ${behind}`),
        own.map((span) => ({ ...span, start: span.start + shift, end: span.end + shift })),
      );
      t.true(own.length >= 1);
    }),
    { numRuns: 200 },
  );
});

test('any text yields sorted, disjoint spans within it', (t) => {
  const parts = fc.constantFrom(
    '219-09-9999',
    '4111111111111111',
    '+12125550123',
    'a@example.com',
    'DOB: 1984-03-12',
    'password: x1y2z3',
    '\u200b',
    '％４０',
    '%40',
    '😀',
    '\ud800',
    '身份证11010519491231002X',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(parts, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 12 }),
      (list) => {
        const text = list.join('');
        const spans = detect(text);
        t.deepEqual(merge(spans), spans);
        t.true(spans.every((span) => span.start < span.end && span.end <= text.length && span.score <= 1));
      },
    ),
    { numRuns: 500 },
  );
});
