import test from 'ava';
import { readSource } from '../../src/dialects/answer-source.ts';
import { isBeside, readLogprobs } from '../../src/dialects/logprobs.ts';

function beside(logprobs: unknown, text: string): boolean {
  const read = readSource(JSON.stringify(logprobs), readLogprobs);
  return isBeside(read, () => text);
}

const bytes = (text: string): readonly number[] => [...Buffer.from(text)];
const tokens = (...said: readonly string[]): readonly object[] =>
  said.map((token) => ({ token, logprob: -1, bytes: bytes(token), top_logprobs: [] }));

test('tokens of the text they stand beside are told in all three shapes', (t) => {
  t.true(beside({ content: tokens('Dear', ' you'), refusal: null }, 'Dear you'));
  t.true(beside({ tokens: ['Dear', ' you'], token_logprobs: [-1, -1], text_offset: [0, 4] }, 'Dear you'));
  t.true(beside(tokens('Dear', ' you'), 'Dear you'));
  t.true(beside(null, 'Dear you'));
  t.true(beside({ content: [] }, 'Dear you'));
});

test('tokens of another text, or of none, are not', (t) => {
  for (const text of ['', 'Fine.', '4111 1111 1111 111', '4111 1111 1111 1111.']) {
    t.false(beside({ content: tokens('4111 ', '1111 ', '1111 ', '1111') }, text), text);
    t.false(beside({ tokens: ['4111 1111 1111 1111'] }, text), text);
    t.false(beside(tokens('4111 1111 1111 1111'), text), text);
  }
});

test('a character that several tokens are of is known by their bytes', (t) => {
  const [first, second] = [bytes('👋').slice(0, 3), bytes('👋').slice(3)];
  const cut = [
    { token: '\\xf0\\x9f\\x91', bytes: first },
    { token: '\\x8b', bytes: second },
  ];
  t.true(beside({ content: [...tokens('Hi '), ...cut] }, 'Hi 👋'));
  t.false(beside({ content: [...tokens('Hi '), ...cut] }, 'Hi '));
  // Bytes of another text, with the name of this one, of none, or of what ends a turn.
  for (const token of ['Fine.', '', '</s>']) {
    t.false(beside({ content: [{ token, bytes: bytes('4111 1111 1111 1111') }] }, 'Fine.'), token);
    t.false(beside({ content: [{ token, bytes: bytes('4111 1111 1111 1111') }] }, ''), token);
  }
  // Bytes that say the text, in front of a token that says something else.
  t.false(beside({ content: [{ token: '4111 1111 1111 1111', bytes: bytes('Fine.') }] }, 'Fine.'));
});

test('blanks that a tokenizer writes in its own way, and what ends a turn, make no difference', (t) => {
  t.true(beside({ content: [{ token: '▁Dear' }, { token: '▁you' }, { token: '</s>' }] }, 'Dear you'));
  t.true(beside({ content: [{ token: 'Dear' }, { token: '<|im_end|>' }] }, 'Dear'));
  t.false(beside({ content: [{ token: 'Dear' }, { token: '<|4111|>' }] }, 'Dear'));
});
