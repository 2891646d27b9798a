import test from 'ava';
import fc from 'fast-check';
import { kekStatus } from '../../src/crypto/kek-horizon.ts';
import { type KekUsage } from '../../src/crypto/kek-keeper.ts';
import { type Kek } from '../../src/crypto/keyring.ts';

const DAY_MS = 86_400_000;
const DAYS = 30;

const kek = (id: string, day: number | undefined, current = false): Kek => ({
  id,
  current,
  createdMs: day === undefined ? undefined : day * DAY_MS,
});

const used = (id: string, erased: number, changes: Partial<KekUsage> = {}): KekUsage => ({
  id,
  living: 0,
  erased,
  oldest: undefined,
  createdMs: undefined,
  seenMs: undefined,
  retiredMs: undefined,
  destroyedMs: undefined,
  ...changes,
});

const statusOf = (keks: readonly Kek[], usage: readonly KekUsage[], day: number) =>
  kekStatus(keks, usage, DAYS, day * DAY_MS).horizon;

test('an erased key is beyond recovery once the KEK it had last, and every older one, is destroyed', (t) => {
  const [a, b, c] = [kek('a', 0), kek('b', 10), kek('c', 20, true)];
  t.deepEqual(statusOf([a, b, c], [used('b', 4), used('c', 0)], 25), {
    pending: 4,
    complete: 0,
    atMs: 40 * DAY_MS,
    overdue: false,
  });
  // b is gone, but a is still there; what b erased was wrapped by it before.
  t.like(statusOf([b, c], [used('a', 3, { destroyedMs: 1 }), used('b', 4)], 25), { pending: 4, complete: 3 });
  t.deepEqual(statusOf([c], [used('a', 3, { destroyedMs: 1 }), used('b', 4, { destroyedMs: 1 })], 25), {
    pending: 0,
    complete: 7,
    atMs: undefined,
    overdue: false,
  });
});

test('what a KEK erased that nobody saw destroyed stays pending, and nobody can say until when', (t) => {
  t.deepEqual(statusOf([kek('c', 20, true)], [used('lost', 2), used('c', 1)], 25), {
    pending: 3,
    complete: 0,
    atMs: undefined,
    overdue: false,
  });
  const unknown = kekStatus([kek('c', 20, true)], [used('lost', 2)], DAYS, 0).keks.find(
    ({ id }) => id === 'lost',
  );
  t.is(unknown?.state, 'unknown');
});

test('a KEK of its full age is overdue; one without a date counts from when it was first seen', (t) => {
  t.false(statusOf([kek('a', 0, true)], [], 29).overdue);
  t.true(statusOf([kek('a', 0, true)], [], 30).overdue);
  t.true(statusOf([kek('a', undefined, true)], [used('a', 0, { seenMs: 0 })], 30).overdue);
  t.like(statusOf([kek('a', undefined, true)], [used('a', 5)], 30), { pending: 5, atMs: undefined });
  t.like(statusOf([kek('a', 0, true)], [used('a', 5)], 29), { pending: 5, atMs: 30 * DAY_MS });
  t.like(
    statusOf([kek('a', 0, true)], [used('a', 5)], 30),
    { pending: 5, atMs: undefined },
    'nobody can say',
  );
});

test('pending and complete are all there is, whatever exists', (t) => {
  const entry = fc.record({ erased: fc.nat(9), held: fc.boolean(), destroyed: fc.boolean() });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
      const keks = entries.flatMap(({ held }, i) => (held ? [kek(`k${i}`, i)] : []));
      const usage = entries.map(({ erased, held, destroyed }, i) =>
        used(`k${i}`, erased, !held && destroyed ? { destroyedMs: 1 } : {}),
      );
      const { pending, complete } = statusOf(keks, usage, 0);
      t.is(
        pending + complete,
        entries.reduce((sum, { erased }) => sum + erased, 0),
      );
    }),
  );
});
