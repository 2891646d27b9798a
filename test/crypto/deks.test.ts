import test from 'ava';
import { createDeks, type DekOwner, wrapContext } from '../../src/crypto/deks.ts';
import { IN_CLEAR, openLocalKeyring } from '../../src/crypto/local-keyring.ts';
import { memoryDeks, memoryStorage, owner } from '../support/keys.ts';

const BOUND = 2 ** 31;
const LEASE = 2 ** 16;

const openKeyring = (storage = memoryStorage()) =>
  openLocalKeyring({ storage, seal: IN_CLEAR, now: Date.now });

for (const kind of ['tenant', 'subject'] as const) {
  test(`a ${kind}'s key is replaced before its uses exceed 2^31, and the old one still opens`, async (t) => {
    const [store, keyring] = [memoryDeks(), await openKeyring()];
    const seal = () => createDeks({ store, keyring }).forSealing(owner(kind));
    const first = await seal();
    const row = store.rows.get(first.id);
    if (row === undefined) return t.fail();
    row.uses = BOUND - LEASE;
    t.is((await seal()).id, first.id, 'the last block of uses is taken');
    t.is(row.uses, BOUND);
    const next = await seal();
    t.not(next.id, first.id);
    t.is(store.rows.get(next.id)?.uses, LEASE);
    row.uses = BOUND - LEASE + 1;
    store.rows.delete(next.id);
    t.not((await seal()).id, first.id, 'a block that does not fit wholly is not taken');
    t.is(row.uses, BOUND - LEASE + 1);
    const opened = await createDeks({ store, keyring }).forOpening(first.id);
    t.true(opened?.key.equals(first.key));
  });

  test(`a ${kind} has another key each month`, async (t) => {
    const [store, keyring] = [memoryDeks(), await openKeyring()];
    const deks = createDeks({ store, keyring });
    const months: readonly DekOwner[] = ['2026-11-01', '2026-12-01', '2027-01-01'].map((period) =>
      owner(kind, 'acme', period),
    );
    const ids = new Set<string>();
    for (const month of [...months, ...months]) ids.add((await deks.forSealing(month)).id);
    t.is(ids.size, 3);
  });
}

test('a process that has not heard of a rotation learns of it when its wrapped key is refused', async (t) => {
  const storage = memoryStorage();
  const [proxy, command] = [await openKeyring(storage), await openKeyring(storage)];
  const store = memoryDeks();
  const [old] = await command.keks();
  const made = await command.rotate();
  t.is(await store.retire(old?.id ?? '', 1), 0);
  await command.destroy(old?.id ?? '');
  const dek = await createDeks({ store, keyring: proxy }).forSealing(owner());
  t.is(store.rows.get(dek.id)?.kek, made.id);
  t.true((await createDeks({ store, keyring: command }).forOpening(dek.id))?.key.equals(dek.key));
});

test('a key that is wrapped again, and its KEK destroyed, while it is being read is read again', async (t) => {
  const storage = memoryStorage();
  const [proxy, command] = [await openKeyring(storage), await openKeyring(storage)];
  const plain = memoryDeks();
  const first = await createDeks({ store: plain, keyring: proxy }).forSealing(owner());
  // What a command does between the reading of the row and its unwrapping.
  const moveAway = async (): Promise<void> => {
    const [old] = await command.keks();
    const row = plain.rows.get(first.id)?.stored;
    if (old === undefined || row?.wrapped === undefined) return t.fail();
    await command.rotate();
    const bytes = await command.unwrap(row.wrapped, wrapContext(row));
    const after = await command.wrap(bytes, wrapContext(row));
    t.is(await plain.rewrap([{ id: row.id, before: row.wrapped, after }]), 1);
    await command.destroy(old.id);
    await proxy.refresh();
  };
  let reads = 0;
  const once = async <T>(read: Promise<T>): Promise<T> => {
    const result = await read;
    if (reads++ === 0) await moveAway();
    return result;
  };
  const store = {
    ...plain,
    lease: (...args: Parameters<typeof plain.lease>) => once(plain.lease(...args)),
    find: (id: string) => once(plain.find(id)),
  };
  const sealed = await createDeks({ store, keyring: proxy }).forSealing(owner());
  t.true(sealed.key.equals(first.key));
  reads = 0;
  const opened = await createDeks({ store, keyring: proxy }).forOpening(first.id);
  t.true(opened?.key.equals(first.key));
  const row = plain.rows.get(first.id);
  if (row?.stored.wrapped === undefined) return t.fail();
  row.stored = { ...row.stored, wrapped: { ...row.stored.wrapped, bytes: Buffer.alloc(61) } };
  t.is(await createDeks({ store: plain, keyring: proxy }).forOpening(first.id), undefined, 'a damaged one');
  await t.throwsAsync(createDeks({ store: plain, keyring: proxy }).forSealing(owner()), {
    name: 'UnusableKeyError',
  });
});
