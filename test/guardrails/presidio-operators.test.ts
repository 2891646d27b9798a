import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { decrypted, operate } from '../../src/guardrails/presidio-operators.ts';
import { parseAnonymize, renderAnonymized } from '../../src/guardrails/presidio-anonymize.ts';

const zeros = (bytes: Uint8Array): Uint8Array => bytes.fill(0);
const KEY = '3t6w9z$C&F)J@NcR';

/** The examples of Presidio's own API documentation (docs/api-docs/api-docs.yml). */
test('the documentation’s own request gives the documentation’s own answer', (t) => {
  const request = {
    text: 'hello world, my name is Jane Doe. My number is: 034453334',
    anonymizers: { PERSON: { type: 'redact' }, PHONE_NUMBER: { type: 'replace', new_value: 'ANONYMIZED' } },
    analyzer_results: [
      { start: 24, end: 32, score: 0.8, entity_type: 'PERSON' },
      { start: 48, end: 57, score: 0.95, entity_type: 'PHONE_NUMBER' },
    ],
  };
  const answer: unknown = JSON.parse(renderAnonymized(parseAnonymize(JSON.stringify(request)), zeros));
  t.deepEqual(answer, {
    text: 'hello world, my name is . My number is: ANONYMIZED',
    items: [
      { start: 40, end: 50, entity_type: 'PHONE_NUMBER', text: 'ANONYMIZED', operator: 'replace' },
      { start: 24, end: 24, entity_type: 'PERSON', text: '', operator: 'redact' },
    ],
  });
});

test('what Presidio encrypted is decrypted', (t) => {
  t.is(decrypted('S184CMt9Drj7QaKQ21JTrpYzghnboTF9pn/neN8JME0=', 'WmZq4t7w!z%C&F)J'), 'Chloë');
});

test('each operator does what Presidio’s does', (t) => {
  const value = '王小明😀ab';
  t.is(operate({ type: 'replace' }, value, 'PERSON', zeros), '<PERSON>');
  t.is(operate({ type: 'replace', new_value: '' }, value, 'PERSON', zeros), '<PERSON>');
  t.is(operate({ type: 'replace', new_value: 'x' }, value, 'PERSON', zeros), 'x');
  t.is(operate({ type: 'redact' }, value, 'PERSON', zeros), '');
  t.is(operate({ type: 'keep' }, value, 'PERSON', zeros), value);
  const mask = { type: 'mask', masking_char: '*', chars_to_mask: 4 } as const;
  t.is(operate(mask, value, 'PERSON', zeros), '****ab');
  t.is(operate({ ...mask, from_end: true }, value, 'PERSON', zeros), '王小明***'.slice(0, 2) + '****');
  t.is(operate({ ...mask, chars_to_mask: 99 }, value, 'PERSON', zeros), '******');
  t.is(operate({ ...mask, chars_to_mask: -1 }, value, 'PERSON', zeros), value);
  const salt = '0123456789abcdef';
  const sha512 = createHash('sha512').update(`${value}${salt}`).digest('hex');
  t.is(operate({ type: 'hash', hash_type: 'sha512', salt }, value, 'PERSON', zeros), sha512);
  const random = createHash('sha256').update(value).update(Buffer.alloc(32)).digest('hex');
  t.is(operate({ type: 'hash' }, value, 'PERSON', zeros), random);
});

test('an encrypted text is decrypted with its key, and with no other', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, deterministic) => {
      const sealed = operate({ type: 'encrypt', key: KEY, deterministic }, text, 'PERSON', (bytes) =>
        bytes.fill(7),
      );
      t.regex(sealed, /^[\w-]+={0,2}$/);
      t.is(decrypted(sealed, KEY), text);
      if (text !== '') t.not(decrypted(sealed, 'another key here'), text);
    }),
  );
  t.is(decrypted('short', KEY), undefined);
});

test('places that overlap in part are each worked on whole', (t) => {
  const request = {
    text: 'abcdefghij',
    analyzer_results: [
      { start: 0, end: 6, score: 0.8, entity_type: 'X' },
      { start: 4, end: 8, score: 0.8, entity_type: 'Y' },
    ],
  };
  const answer: unknown = JSON.parse(renderAnonymized(parseAnonymize(JSON.stringify(request)), zeros));
  t.deepEqual(answer, {
    text: '<X><Y>ij',
    items: [
      { start: 3, end: 6, entity_type: 'Y', text: '<Y>', operator: 'replace' },
      { start: 0, end: 3, entity_type: 'X', text: '<X>', operator: 'replace' },
    ],
  });
});
