import test from 'ava';
import { createOwnValues } from '../../../src/gateway/inspection/own-values.ts';

test('a value is the caller’s own as it was written, and with other signs between the same digits', (t) => {
  const isOwn = createOwnValues([['Card 4111-1111-1111-1111, mail Zoe@Example.com, age 1420.'], ['and Bob']]);
  for (const own of [
    '4111-1111-1111-1111',
    '4111111111111111',
    '4111 1111 1111 1111',
    'zoe@example.com',
    'Bob',
  ]) {
    t.true(isOwn(own), own);
  }
});

test('a part of what the caller wrote is not his value', (t) => {
  const isOwn = createOwnValues([
    ['Number 94111111111111111, age 1420, Bobby, first 5500 0055', '5555 5559'],
  ]);
  for (const other of ['4111111111111111', '42', 'Bob', '5500005555555559', '']) t.false(isOwn(other), other);
});

test('what is looked for in a large request is bounded; beyond, nothing counts as the caller’s', (t) => {
  const isOwn = createOwnValues([['x'.repeat(16_000_000), 'my mail is zoe@example.com']]);
  t.true(isOwn('my'));
  for (let i = 0; i < 8; i++) isOwn(`absent${i}@example.com`);
  t.false(isOwn('zoe@example.com'));
  t.true(isOwn('my'));
});
