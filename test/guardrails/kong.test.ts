import test from 'ava';
import fc from 'fast-check';
import { ENTITY_FAMILIES } from '../../src/policy/entities.ts';
import { asksFor, categoryOf, CATEGORY_NAMES } from '../../src/guardrails/kong-categories.ts';
import { parseSanitize, sanitize, type SanitizeOptions } from '../../src/guardrails/kong.ts';
import { type Span } from '../../src/domain/span.ts';

function span(start: number, end: number, entity = 'PERSON'): Span {
  return { start, end, entity, score: 1, recognizer: 'test', validated: true };
}

function request(text: unknown, anonymize: readonly string[] = ['all_and_credentials']) {
  return parseSanitize(JSON.stringify({ text, anonymize, options: { redact_type: 'placeholder' } }));
}

const PSEUDONYMISE: SanitizeOptions = { handlingOf: () => 'pseudonymise', pseudonym: () => 'abc' };

test('every entity of ours is of a kind that Kong knows', (t) => {
  for (const entity of Object.values(ENTITY_FAMILIES).flat()) {
    t.true(CATEGORY_NAMES.includes(categoryOf(entity)), entity);
    t.true(asksFor(['all_and_credentials'], entity), entity);
  }
  t.false(asksFor(['all'], 'PASSWORD'));
  t.true(asksFor(['credentials'], 'SECRET'));
  t.is(categoryOf('SOMETHING_NEW'), 'nationalid');
});

test('one value is one placeholder over all messages, numbered by first appearance', (t) => {
  const asked = request([
    { text: 'Ann and Bob', msg_id: 1 },
    { text: 'Bob', msg_id: 2 },
  ]);
  const { texts, originals } = sanitize(asked, [[span(0, 3), span(8, 11)], [span(0, 3)]], PSEUDONYMISE);
  t.deepEqual(texts, ['PLACEHOLDER1 and PLACEHOLDER2', 'PLACEHOLDER2']);
  t.deepEqual({ ...originals }, { PLACEHOLDER1: 'Ann', PLACEHOLDER2: 'Bob' });
});

test('each handling leaves its own mark', (t) => {
  const done = (handling: 'mask' | 'hash' | 'disclose', entity: string, anonymize: readonly string[]) =>
    sanitize(request('Ann', anonymize), [[span(0, 3, entity)]], {
      handlingOf: () => handling,
      pseudonym: () => 'abc',
    }).texts[0];
  t.is(done('mask', 'PERSON', []), '[PERSON]');
  t.is(done('hash', 'PERSON', []), '<PERSON_#abc>');
  t.is(done('mask', 'PASSWORD', []), '########');
  t.is(done('disclose', 'PERSON', ['email']), 'Ann');
  t.is(done('disclose', 'PERSON', ['general']), 'PLACEHOLDER1');
});

test('what comes along puts every text back together, whatever it says', (t) => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 4 }),
      fc.constantFrom('', 'PLACEHOLDER1 ', 'placeholder12 '),
      (text, before) => {
        const whole = `${before}${text}`;
        const [start, end] = [before.length, before.length + Math.ceil(text.length / 2)];
        const { texts, originals } = sanitize(request(whole), [[span(start, end)]], PSEUDONYMISE);
        const [[placeholder, original] = ['', '']] = Object.entries(originals);
        t.is(whole.toUpperCase().includes(placeholder), false);
        t.is(
          texts[0]?.replace(placeholder, () => original),
          whole,
        );
      },
    ),
  );
});
