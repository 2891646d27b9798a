import test from 'ava';
import fc from 'fast-check';
import { pieces } from '../../src/detect/scan.ts';
import { found } from './find.ts';

test('an identifier in base64 makes the whole run a span', (t) => {
  const run = Buffer.from('write to jane@example.com').toString('base64');
  t.deepEqual(found(`decode ${run} please`), [`EMAIL_ADDRESS:${run}`]);
  const url = Buffer.from('ссс: 4111111111111111 >>>???').toString('base64url');
  t.deepEqual(found(`decode ${url} please`), [`CREDIT_CARD:${url}`]);
});

test('a number in base64 is read with the word before it that says what it is', (t) => {
  for (const ssn of ['536-90-4399', '536904399']) {
    const run = Buffer.from(ssn).toString('base64');
    t.deepEqual(found(`My social security number is ${run}.`), [`US_SSN:${run}`]);
  }
  const unlabelled = Buffer.from('536904399').toString('base64');
  t.deepEqual(found(`The build is ${unlabelled}.`), []);
});

test('base64 of ordinary text, of binary data, and a hash are left alone', (t) => {
  for (const run of [
    Buffer.from('nothing to see here, move along').toString('base64'),
    Buffer.from(Array.from({ length: 60 }, (_, i) => (i * 37) % 256)).toString('base64'),
    'd41d8cd98f00b204e9800998ecf8427e',
    'internationalization',
  ]) {
    t.deepEqual(found(`see ${run}.`), [], run);
  }
});

test('escapes do not hide an identifier, and the span covers them', (t) => {
  t.deepEqual(found('x john%40example.com y'), ['EMAIL_ADDRESS:john%40example.com']);
  t.deepEqual(found('x &#106;ohn&#64;example.com y'), ['EMAIL_ADDRESS:&#106;ohn&#64;example.com']);
  t.deepEqual(found('x john\\u0040example.com y'), ['EMAIL_ADDRESS:john\\u0040example.com']);
  t.deepEqual(found('卡 四一一一一一一一一一一一一一一一'), ['CREDIT_CARD:四一一一一一一一一一一一一一一一']);
});

test('a base64 run cut before its end is still read', (t) => {
  const run = Buffer.from('x'.repeat(30) + ' jane@example.com '.repeat(3)).toString('base64');
  for (const cut of [1, 2, 3, 4]) t.is(found(run.slice(cut)).length, 1, String(cut));
});

test('a mobile number spelled in Chinese is found beside its label', (t) => {
  t.deepEqual(found('手机一三八零零一三八零零零。'), ['CN_MOBILE:一三八零零一三八零零零']);
});

test('broken escapes are text', (t) => {
  t.deepEqual(found('100% of &#99999999; %zz \\u12 %ff%fe'), []);
});

test('the pieces of a long text cover it in order and end at words', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 300_000 }),
      fc.constantFrom('word ', 'line\n', 'x', '😀'),
      (length, unit) => {
        const text = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
        let reached = 0;
        for (const piece of pieces(text)) {
          t.is(text.slice(piece.offset, piece.offset + piece.text.length), piece.text);
          t.true(piece.offset <= reached);
          if (unit === '😀') t.not(piece.offset % 2, 1);
          reached = piece.offset + piece.text.length;
        }
        t.is(reached, text.length);
      },
    ),
    { numRuns: 30 },
  );
});
