import test from 'ava';
import { type CordonError } from '../../../src/domain/errors.ts';
import { type PolicySnapshot } from '../../../src/domain/policy.ts';
import { createPolicyFollower, type FollowerOptions } from '../../../src/policy/lifecycle/follower.ts';
import { type InForce } from '../../../src/policy/lifecycle/ports.ts';

const BASE = 'b'.repeat(64);
const HASH = 'a'.repeat(64);

function row(number: number, changes: Partial<InForce> = {}): InForce {
  return {
    number,
    activation: `activation-${number}`,
    base: BASE,
    hash: HASH,
    sinceMs: number * 1_000,
    ...changes,
  };
}

function snapshotOf(number: number): PolicySnapshot {
  const never = (): never => {
    throw new Error('nobody asks here');
  };
  return {
    hash: `hash-${number}`,
    number,
    ...{
      admit: never,
      explain: never,
      grantsOpaque: never,
      handle: never,
      handleOutput: never,
      outputReading: never,
    },
  };
}

/** A follower of a database that is a variable, on a clock that is another. */
function createFollower(options: Partial<FollowerOptions> = {}) {
  const world = {
    nowMs: 0,
    inForce: row(1) as InForce | undefined | Error,
    builds: 0,
    receipts: [] as string[],
    enforced: [] as number[],
    alerts: [] as string[],
  };
  const follower = createPolicyFollower({
    feed: {
      settle: () =>
        world.inForce instanceof Error ? Promise.reject(world.inForce) : Promise.resolve(world.inForce),
      bundle: () => Promise.resolve(undefined),
      exceptionsAt: () => Promise.resolve([]),
      receipt(instance, number) {
        world.receipts.push(`${instance}:${number}`);
        return Promise.resolve();
      },
    },
    builder: {
      load(one) {
        world.builds += 1;
        return Promise.resolve(snapshotOf(one.number ?? 0));
      },
    },
    instance: 'i',
    pollMs: 1_000_000,
    stalenessMs: 30_000,
    monotonicMs: () => world.nowMs,
    clock: () => world.nowMs,
    onAlert: ({ kind }) => world.alerts.push(kind),
    onEnforced({ number }) {
      world.enforced.push(number);
      return Promise.resolve();
    },
    ...options,
  });
  return { world, follower };
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as CordonError).code;
  }
}

test('what is in force is enforced once looked at, built once, and receipted', async (t) => {
  const { world, follower } = createFollower();
  t.is(
    codeOf(() => follower.current()),
    'policy_unavailable',
  );
  await follower.start();
  t.is(follower.current().number, 1);
  await follower.poke();
  t.deepEqual([world.builds, world.receipts, world.enforced], [1, ['i:1'], [1]]);
  world.inForce = row(2);
  await follower.poke();
  t.is(follower.current().number, 2);
  t.deepEqual(world.enforced, [1, 2]);
  world.nowMs += 5_000;
  await follower.poke();
  t.deepEqual(world.receipts, ['i:1', 'i:2', 'i:2'], 'a sign of life now and then');
  await follower.close();
});

test('a process that could not confirm its version for too long allows nothing, until it can again', async (t) => {
  const { world, follower } = createFollower();
  await follower.start();
  world.inForce = new Error('no route to database');
  world.nowMs = 30_000;
  await follower.poke();
  t.is(follower.current().number, 1, 'within the bound it still serves');
  world.nowMs = 30_001;
  t.is(
    codeOf(() => follower.current()),
    'policy_unavailable',
  );
  t.is(follower.status()?.fresh, false);
  await follower.poke();
  t.deepEqual(world.alerts, ['load_failed'], 'an outage is told once');
  world.inForce = row(1);
  await follower.poke();
  t.is(follower.current().number, 1);
  await follower.close();
});

test('a version that cannot be built is not enforced, and the one before only until it is too old', async (t) => {
  const { world, follower } = createFollower({
    builder: {
      load: (one) =>
        one.number === 2
          ? Promise.reject(new RangeError('not what its hash says'))
          : Promise.resolve(snapshotOf(1)),
    },
  });
  await follower.start();
  world.inForce = row(2);
  world.nowMs = 10;
  await follower.poke();
  t.is(follower.current().number, 1);
  world.nowMs = 30_001;
  await follower.poke();
  t.is(
    codeOf(() => follower.current()),
    'policy_unavailable',
  );
  await follower.close();
});

test('when nothing is in force, nothing is allowed', async (t) => {
  const { world, follower } = createFollower();
  await follower.start();
  world.inForce = undefined;
  await follower.poke();
  t.is(
    codeOf(() => follower.current()),
    'policy_unavailable',
  );
  await follower.close();
});

test('a minimum is a number that was reached, or the very version in force', async (t) => {
  const { world, follower } = createFollower();
  world.inForce = row(7);
  await follower.start();
  for (const fine of ['1', '7', HASH, BASE])
    t.is(
      codeOf(() => follower.current(fine)),
      undefined,
      fine,
    );
  for (const stale of ['8', '999999999999999', 'c'.repeat(64), '1'.repeat(64)]) {
    t.is(
      codeOf(() => follower.current(stale)),
      'policy_stale',
      stale,
    );
  }
  await follower.close();
});

test('who asks while a look is under way gets the next one, and many share it', async (t) => {
  let settled = 0;
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const { follower } = createFollower({
    feed: {
      async settle() {
        settled += 1;
        if (settled === 2) await gate;
        return row(settled);
      },
      bundle: () => Promise.resolve(undefined),
      exceptionsAt: () => Promise.resolve([]),
      receipt: () => Promise.resolve(),
    },
  });
  await follower.start();
  const looks = [follower.poke(), follower.poke(), follower.poke()];
  release();
  await Promise.all(looks);
  t.is(settled, 3);
  t.is(follower.current().number, 3);
  await follower.close();
});

test('a receipt that cannot be written takes nothing out of force, and is written later', async (t) => {
  let fail = true;
  const told: number[] = [];
  const { follower } = createFollower({
    onEnforced({ number }) {
      if (fail) return Promise.reject(new Error('audit down'));
      told.push(number);
      return Promise.resolve();
    },
  });
  await t.throwsAsync(follower.start());
  t.is(follower.current().number, 1);
  fail = false;
  await follower.poke();
  t.deepEqual(told, [1]);
  await follower.close();
});
