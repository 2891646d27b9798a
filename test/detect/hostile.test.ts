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
]) {
  test(`a quarter of a megabyte of ${JSON.stringify(unit)} is read to its end`, (t) => {
    const text = unit.repeat(MEGABYTE / 4 / unit.length);
    const spans = detect(text);
    t.true(spans.every((span) => span.start < span.end && span.end <= text.length));
  });
}

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
