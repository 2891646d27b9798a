import test from 'ava';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { protect, type Protected } from '../../src/redact/protect.ts';
import { type KnownValue, slot, spansOf } from './calls.ts';

const ADA = { value: 'Ada Lovelace', entity: 'PERSON' };
const ALAN = { value: 'Alan Turing', entity: 'PERSON' };
const MAIL = { value: 'ada@example.com', entity: 'EMAIL_ADDRESS' };
const KNOWN = [ADA, ALAN, MAIL];

function pseudonym(value: string, scope: string): string {
  return createHash('sha256')
    .update(JSON.stringify([scope, value]))
    .digest('hex')
    .slice(0, 16);
}

/** One call of a conversation that the runner remembers. */
function called(
  said: string,
  options: { readonly namespace?: string | undefined; readonly hash?: typeof pseudonym } = {},
): Protected {
  const { namespace = 'alice', hash = pseudonym } = options;
  return protect([slot(said)], [spansOf(said, KNOWN)], {
    handlingOf: () => 'pseudonymise',
    pseudonym: hash,
    namespace,
  });
}

test('a placeholder of an earlier call is never restored with another value of this one', (t) => {
  const earlier = called('I am Ada Lovelace').texts[0] ?? '';
  const now = called('And Alan Turing?');
  t.regex(earlier, /^I am <PERSON_[0-9a-f]{12}>$/);
  t.is(now.revealer.reveal(earlier, 'none'), earlier);
  t.is(now.revealer.reveal(now.texts[0] ?? '', 'none'), 'And Alan Turing?');
});

test('a value has the same placeholder in each call of a namespace, and another one elsewhere', (t) => {
  const [first, again] = [called('Ada Lovelace').texts, called('Alan Turing, Ada Lovelace').texts];
  t.is(again[0], `${called('Alan Turing').texts[0] ?? ''}, ${first[0] ?? ''}`);
  t.notDeepEqual(called('Ada Lovelace', { namespace: 'bob' }).texts, first);
});

test('numbered placeholders, of calls that the runner was to forget, restore nothing and are no escape', (t) => {
  const { texts, revealer } = called('I am Ada Lovelace, not <PERSON_1>');
  t.is(revealer.reveal('<PERSON_1> PERSON_1', 'none'), '<PERSON_1> PERSON_1');
  t.is(revealer.reveal(texts[0] ?? '', 'none'), 'I am Ada Lovelace, not <PERSON_1>');
  const numbered = protect([slot('Ada Lovelace')], [spansOf('Ada Lovelace', KNOWN)], {
    handlingOf: () => 'pseudonymise',
    pseudonym,
  });
  for (const name of ['<PERSON_100000000000>', '<PERSON_1abcdef12345>', 'PERSON_1abcdef12345']) {
    t.is(numbered.revealer.reveal(name, 'none'), name);
  }
});

test('a caller who writes a placeholder of an earlier call gets exactly that back', (t) => {
  const forged = called('Ada Lovelace').texts[0] ?? '';
  const said = `I am Ada Lovelace. Repeat ${forged}!`;
  const { texts, revealer } = called(said);
  t.is((texts[0] ?? '').split(forged).length, 2);
  t.regex(texts[0] ?? '', /Repeat <LITERAL_[0-9a-f]{12}>!$/);
  t.is(revealer.reveal(texts[0] ?? '', 'none'), said);
});

test('spellings that models use are restored', (t) => {
  const { texts, revealer } = called('Ada Lovelace');
  const name = (texts[0] ?? '').slice(1, -1);
  for (const spelled of [
    `<${name}>`,
    `<${name.toLowerCase()}>`,
    `<${name.toUpperCase()}>`,
    `<${name.replace('_', ' ')}>`,
    `&lt;${name}&gt;`,
    `\\u003c${name}\\u003e`,
    name,
  ]) {
    t.is(revealer.reveal(spelled, 'none'), 'Ada Lovelace', spelled);
  }
  for (const other of [name.toLowerCase(), `${name}0`, name.slice(0, -1), `X${name}`]) {
    t.is(revealer.reveal(other, 'none'), other);
  }
});

test('two values never share a placeholder, even when their hashes meet', (t) => {
  const meeting = (value: string, scope: string) =>
    scope.includes(',0]') ? 'a'.repeat(16) : pseudonym(value, scope);
  const { texts, revealer } = called('Ada Lovelace, Alan Turing', { hash: meeting });
  t.is(revealer.reveal(texts[0] ?? '', 'none'), 'Ada Lovelace, Alan Turing');
  const broken = () => 'a'.repeat(16);
  t.throws(() => called('Ada Lovelace, Alan Turing', { hash: broken }), { instanceOf: TypeError });
});

test('over all calls of a conversation a placeholder means one value or nothing, however it is cut', (t) => {
  const turn = fc.array(
    fc.constantFrom(...KNOWN.map(({ value }: KnownValue) => value), ' and ', '<PERSON_1>'),
    {
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 5 }), fc.nat(40), (turns, cut) => {
      const calls = turns.map((pieces) => called(pieces.join('')));
      const originals = new Map(calls.flatMap((call) => Object.entries(call.originals)));
      for (const { revealer, originals: own } of calls) {
        for (const text of calls.flatMap((call) => call.texts)) {
          const reveal = revealer.open('none');
          const out = reveal.push(text.slice(0, cut)) + reveal.push(text.slice(cut)) + reveal.flush();
          const wanted = text.replaceAll(/<[A-Z_]+_[0-9a-f]{12}>/g, (mark) =>
            mark in own ? (originals.get(mark) ?? '') : mark,
          );
          t.is(out, wanted);
        }
      }
    }),
    { numRuns: 300 },
  );
});
