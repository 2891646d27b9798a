import test from 'ava';
import fc from 'fast-check';
import { createDeks } from '../../src/crypto/deks.ts';
import { createKekKeeper, KeyRefusal } from '../../src/crypto/kek-keeper.ts';
import { IN_CLEAR, openLocalKeyring } from '../../src/crypto/local-keyring.ts';
import { type ManagedKeyring } from '../../src/crypto/keyring.ts';
import { type SystemRecord } from '../../src/domain/record.ts';
import { type MemoryDeks, memoryDeks, memoryStorage, owner } from '../support/keys.ts';

interface World {
  readonly store: MemoryDeks;
  readonly keyring: ManagedKeyring;
  readonly notes: SystemRecord[];
  readonly keeper: ReturnType<typeof createKekKeeper>;
  readonly openKeyring: () => Promise<ManagedKeyring>;
}

async function createWorld(store = memoryDeks()): Promise<World> {
  const storage = memoryStorage(1_000);
  const openKeyring = () => openLocalKeyring({ storage, seal: IN_CLEAR, now: Date.now });
  const keyring = await openKeyring();
  const notes: SystemRecord[] = [];
  const note = (record: SystemRecord): Promise<void> => {
    notes.push(record);
    return Promise.resolve();
  };
  const keeper = createKekKeeper({ store, keyring, note, actor: 'ada', now: () => 2_000 });
  return { store, keyring, notes, keeper, openKeyring };
}

async function addKeys(world: World, count: number): Promise<readonly string[]> {
  const deks = createDeks({ store: world.store, keyring: world.keyring });
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await deks.forSealing(owner('subject', `tenant-${n}`))).id);
  return ids;
}

const quiet = (): undefined => undefined;

test('rotate, rewrap and retire: each is on record, and every key still opens', async (t) => {
  const world = await createWorld();
  const ids = await addKeys(world, 1_234);
  const [first] = await world.keyring.keks();
  const { from, to } = await world.keeper.rotate();
  t.is(from, first?.id);
  await t.throwsAsync(world.keeper.retire(to), { instanceOf: KeyRefusal, message: /current/ });
  await t.throwsAsync(world.keeper.retire(from ?? ''), { instanceOf: KeyRefusal, message: /1234 data key/ });
  const progress: (readonly [number, number])[] = [];
  const result = await world.keeper.rewrap((done, total) => progress.push([done, total]));
  t.deepEqual(result, { to, rewrapped: 1_234, skipped: 0, unusable: 0, remaining: 0 });
  t.deepEqual(progress, [
    [500, 1_234],
    [1_000, 1_234],
    [1_234, 1_234],
  ]);
  await world.keeper.retire(from ?? '');
  await t.throwsAsync(world.keeper.retire(from ?? ''), { message: /destroyed already/ });
  await t.throwsAsync(world.keeper.retire('kek-none'), { message: /no key/ });
  const keyring = await world.openKeyring();
  const deks = createDeks({ store: world.store, keyring });
  for (const id of ids) t.truthy(await deks.forOpening(id));
  t.deepEqual(
    world.notes.map(({ type, data }) => [type, data['step'] ?? data['kek'], data['by']]),
    [
      ['KEY_ROTATED', 'found', 'ada'],
      ['KEY_ROTATED', 'rotated', 'ada'],
      ['KEY_ROTATED', 'rewrapped', 'ada'],
      ['KEY_DESTROYED', from, 'ada'],
    ],
  );
  t.like(world.notes[2]?.data, { to, from: { [from ?? '']: 1_234 }, rewrapped: 1_234, complete: true });
});

test('a re-wrapping that was interrupted goes on with what is left', async (t) => {
  const store = memoryDeks();
  let writes = 0;
  const failing: MemoryDeks = {
    ...store,
    rewrap: (changes) => (++writes === 2 ? Promise.reject(new Error('killed')) : store.rewrap(changes)),
  };
  const world = await createWorld(failing);
  const ids = await addKeys(world, 1_200);
  await world.keeper.rotate();
  await t.throwsAsync(world.keeper.rewrap(quiet), { message: 'killed' });
  t.like(world.notes.at(-1)?.data, { step: 'rewrapped', rewrapped: 500, complete: false });
  t.like(await world.keeper.rewrap(quiet), { rewrapped: 700, remaining: 0 });
  t.like(await world.keeper.rewrap(quiet), { rewrapped: 0, remaining: 0 });
  const deks = createDeks({ store, keyring: world.keyring });
  for (const id of ids) t.truthy(await deks.forOpening(id));
});

test('a KEK whose making was never recorded, and a destruction that broke off, come on record later', async (t) => {
  const world = await createWorld();
  const [first] = await world.keyring.keks();
  const made = await world.keyring.rotate();
  const broken = createKekKeeper({
    store: world.store,
    keyring: world.keyring,
    note: (record) =>
      record.type === 'KEY_DESTROYED' ? Promise.reject(new Error('killed')) : Promise.resolve(),
    actor: 'ada',
    now: () => 2_000,
  });
  await t.throwsAsync(broken.retire(first?.id ?? ''), { message: 'killed' });
  t.deepEqual(
    (await world.keyring.keks()).map(({ id }) => id),
    [made.id],
  );
  await world.keeper.retire(first?.id ?? '');
  t.like(world.notes.at(-1), { type: 'KEY_DESTROYED', data: { kek: first?.id } });
  const next = await createWorld();
  await next.keyring.rotate();
  await next.keeper.rewrap(quiet);
  t.deepEqual(
    next.notes.map(({ data }) => data['step']),
    ['found', 'found'],
  );
});

test('one that does not open is counted, left as it is and keeps its KEK from being destroyed', async (t) => {
  const world = await createWorld();
  const ids = await addKeys(world, 3);
  const row = world.store.rows.get(ids[1] ?? '');
  if (row?.stored.wrapped === undefined) return t.fail();
  const { wrapped } = row.stored;
  row.stored = { ...row.stored, wrapped: { ...wrapped, bytes: Buffer.alloc(61, 1) } };
  const { from } = await world.keeper.rotate();
  t.like(await world.keeper.rewrap(quiet), { rewrapped: 2, unusable: 1, remaining: 1 });
  await t.throwsAsync(world.keeper.retire(from ?? ''), { message: /1 data key/ });
  t.deepEqual(row.stored.wrapped?.bytes, Buffer.alloc(61, 1));
});

test('a key is never given up for one that was wrapped wrongly', async (t) => {
  const world = await createWorld();
  const [id = ''] = await addKeys(world, 1);
  await world.keeper.rotate();
  const keyring: ManagedKeyring = {
    ...world.keyring,
    description: '',
    indexVersions: [1],
    keks: () => world.keyring.keks(),
    refresh: () => world.keyring.refresh(),
    unwrap: (wrapped, context) => world.keyring.unwrap(wrapped, context),
    wrap: (_, context) => world.keyring.wrap(Buffer.alloc(32), context),
  };
  const note = () => Promise.resolve();
  const keeper = createKekKeeper({ store: world.store, keyring, note, actor: 'ada', now: Date.now });
  const before = world.store.rows.get(id)?.stored;
  await t.throwsAsync(keeper.rewrap(quiet), { message: /does not open as what it was/ });
  t.is(world.store.rows.get(id)?.stored, before);
});

test('two commands do not change keys at the same time', async (t) => {
  const world = await createWorld();
  await addKeys(world, 5);
  await world.keeper.rotate();
  const results = await Promise.allSettled([world.keeper.rewrap(quiet), world.keeper.rotate()]);
  t.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
});

type Step = 'use' | 'rotate' | 'rewrap' | 'retire' | 'erase';

test('however sealing, erasing, rotating, re-wrapping and retiring interleave: the living open, the erased never', async (t) => {
  const steps = fc.array(fc.constantFrom<Step>('use', 'use', 'rotate', 'rewrap', 'retire', 'erase'), {
    minLength: 4,
    maxLength: 24,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.scheduler(), async (list, scheduler) => {
      const plain = memoryDeks();
      const delayed = <A extends unknown[], R>(
        run: (...args: A) => Promise<R>,
      ): ((...args: A) => Promise<R>) => scheduler.scheduleFunction(run);
      const store: MemoryDeks = {
        ...plain,
        add: delayed((...args: Parameters<MemoryDeks['add']>) => plain.add(...args)),
        lease: delayed((...args: Parameters<MemoryDeks['lease']>) => plain.lease(...args)),
        rewrap: delayed((...args: Parameters<MemoryDeks['rewrap']>) => plain.rewrap(...args)),
        wrappedBy: delayed((...args: Parameters<MemoryDeks['wrappedBy']>) => plain.wrappedBy(...args)),
        retire: delayed((...args: Parameters<MemoryDeks['retire']>) => plain.retire(...args)),
      };
      const world = await createWorld(store);
      // Two proxies that read the keyring when they have to and not before.
      const proxies = [await world.openKeyring(), await world.openKeyring()];
      const known = new Map<string, Buffer>();
      const erased = new Set<string>();
      let uses = 0;
      const run: Record<Step, () => Promise<unknown>> = {
        async use() {
          const keyring = proxies[uses % 2] ?? world.keyring;
          const deks = createDeks({ store, keyring });
          const dek = await deks.forSealing(owner('subject', `tenant-${uses++ % 5}`));
          known.set(dek.id, dek.key.export());
        },
        rotate: () => world.keeper.rotate(),
        rewrap: () => world.keeper.rewrap(quiet),
        async retire() {
          const [oldest] = await world.keyring.keks();
          await world.keeper.retire(oldest?.id ?? '');
        },
        erase() {
          const [id] = [...plain.rows.keys()].filter((candidate) => !erased.has(candidate));
          if (id !== undefined) {
            plain.erase(id);
            erased.add(id);
          }
          return Promise.resolve();
        },
      };
      const running = list.map((step) =>
        scheduler
          .schedule(Promise.resolve(), step)
          .then(() => run[step]())
          // A command that is refused, or meets another one, has done no harm.
          .catch((error: unknown) => {
            if (!(error instanceof KeyRefusal) && step !== 'rewrap') throw error;
          }),
      );
      await scheduler.waitFor(Promise.all(running));
      const fresh = createDeks({ store: plain, keyring: await world.openKeyring() });
      for (const id of plain.rows.keys()) {
        const opened = await fresh.forOpening(id);
        if (erased.has(id)) t.is(opened, undefined);
        else if (opened === undefined) t.fail('a living key was lost');
        else if (known.has(id)) t.deepEqual(opened.key.export(), known.get(id));
      }
    }),
    { numRuns: 150 },
  );
});
