import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { createDeks } from '../../../src/crypto/deks.ts';
import { openOrCreateKeyringFile, openKeyringFile } from '../../../src/crypto/keyring-file.ts';
import { personReference } from '../../../src/crypto/keyring.ts';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import { createDekStore } from '../../../src/store/dek-store.ts';
import { listenForDestroyedKeys } from '../../../src/store/key-listener.ts';
import { createPool } from '../../../src/store/session.ts';
import { asSuperuser, COUNSEL } from '../../support/lifecycle.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { erasureScene, ERASURE, findingsOf } from '../../support/erasure-scene.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('another process forgets the keys it had cached, for opening and for sealing', async (t) => {
  const scene = await erasureScene(t, postgres);
  const url = scene.database.url('cordon_writer');
  const pool = createPool({ url, role: 'cordon_writer', deadlineMs: 20_000, max: 1 });
  t.teardown(() => pool.end());
  const deks = createDeks({ store: createDekStore(pool), keyring: scene.parts.keyring });
  const heard: (string | undefined)[] = [];
  let hear: () => void = () => undefined;
  const notified = new Promise<void>((resolve) => (hear = resolve));
  const listener = listenForDestroyedKeys({
    url,
    role: 'cordon_writer',
    deadlineMs: 20_000,
    onDestroyed: (reference) => {
      heard.push(reference?.toString('hex'));
      deks.forget(reference);
      if (reference !== undefined) hear();
    },
  });
  t.teardown(() => listener.close());
  await listener.ready;
  const reference = personReference(scene.parts.keyring, 'acme', 'patient-17');
  const owner = {
    kind: 'subject',
    tenant: 'acme',
    reference,
    period: `${new Date().toISOString().slice(0, 7)}-01`,
  } as const;
  const { id } = await deks.forSealing(owner);
  t.is((await deks.forOpening(id))?.id, id);
  await scene.lifecycle.erasures.erase(COUNSEL, ERASURE);
  await notified;
  t.deepEqual(heard, [undefined, reference.toString('hex')]);
  t.is(await deks.forOpening(id), undefined);
  t.not((await deks.forSealing(owner)).id, id);
});

test('a listener that lost its connection forgets everything once it is back', async (t) => {
  const scene = await erasureScene(t, postgres);
  let heard = 0;
  let twice: () => void = () => undefined;
  const back = new Promise<void>((resolve) => (twice = resolve));
  const listener = listenForDestroyedKeys({
    url: scene.database.url('cordon_reader'),
    role: 'cordon_reader',
    deadlineMs: 20_000,
    onDestroyed: () => {
      heard += 1;
      if (heard === 2) twice();
    },
  });
  t.teardown(() => listener.close());
  await listener.ready;
  await scene.database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cordon keys' and datname = current_database()`,
  );
  await back;
  t.is(heard, 2);
});

test('a key read before an erasure and handed over after it is not cached', async (t) => {
  const scene = await erasureScene(t, postgres);
  const pool = createPool({
    url: scene.database.url('cordon_writer'),
    role: 'cordon_writer',
    deadlineMs: 20_000,
    max: 1,
  });
  t.teardown(() => pool.end());
  const store = createDekStore(pool);
  let arrive: () => void = () => undefined;
  let release: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  const deks = createDeks({
    keyring: scene.parts.keyring,
    store: {
      ...store,
      async find(id) {
        const found = await store.find(id);
        arrive();
        await released;
        return found;
      },
    },
  });
  const [row] = await scene.database.query(
    `select id::text as id from cordon.deks where kind = 'subject' and reference = $1`,
    [personReference(scene.parts.keyring, 'acme', 'patient-17')],
  );
  const opening = deks.forOpening(String(row?.['id']));
  await arrived;
  await scene.lifecycle.erasures.erase(COUNSEL, ERASURE);
  deks.forget(personReference(scene.parts.keyring, 'acme', 'patient-17'));
  release();
  await opening;
  t.is(await deks.forOpening(String(row?.['id'])), undefined);
});

test('a restored backup gives nothing back once the key encryption key of its time is destroyed', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'cordon-keys-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'keyring.json');
  const scene = await erasureScene(t, postgres, await openOrCreateKeyringFile(file));
  const { database, parts, lifecycle } = scene;
  await database.query('create table public.backup as select * from cordon.deks');
  await lifecycle.erasures.erase(COUNSEL, ERASURE);

  // A destroyed key is not written back, not even by a superuser who does not switch the trigger off.
  const restore =
    'update cordon.deks d set wrapped = b.wrapped from public.backup b where b.id = d.id and d.wrapped is null';
  await t.throwsAsync(database.query(`set session_replication_role = replica; ${restore}`), {
    message: /stays destroyed/,
  });
  await asSuperuser(database, restore);
  t.is(
    await findingsOf(scene, 0),
    'open',
    'before the rotation, backup and keyring together undo it: hence the horizon',
  );

  // Rotation: a new key takes over, what is alive is wrapped again, the old one is removed from the keyring.
  const old = JSON.parse(await readFile(file, 'utf8')) as { readonly current: string; readonly keys: object };
  const fresh = `kek-${'0'.repeat(16)}`;
  const keys = { ...old.keys, [fresh]: Buffer.alloc(32, 7).toString('base64') };
  await writeFile(file, JSON.stringify({ ...old, current: fresh, keys }));
  const both = await openKeyringFile(file);
  for (const row of await database.query(
    `select id::text as id, kind, tenant, encode(reference, 'hex') as reference, period::text as period, kek, wrapped from cordon.deks
     where wrapped is not null and reference <> $1`,
    [personReference(parts.keyring, 'acme', 'patient-17')],
  )) {
    const context = JSON.stringify([
      'dek',
      row['id'],
      row['kind'],
      row['tenant'],
      row['reference'],
      row['period'],
    ]);
    const key = await both.unwrap({ kek: String(row['kek']), bytes: row['wrapped'] as Buffer }, context);
    const wrapped = await both.wrap(key, context);
    await database.query('update cordon.deks set kek = $2, wrapped = $3 where id = $1', [
      row['id'],
      wrapped.kek,
      wrapped.bytes,
    ]);
  }
  await writeFile(file, JSON.stringify({ ...old, current: fresh, keys: { [fresh]: keys[fresh] } }));
  const rotated = await openKeyringFile(file);
  const pool = createPool({
    url: database.url('cordon_writer'),
    role: 'cordon_writer',
    deadlineMs: 20_000,
    max: 1,
  });
  t.teardown(() => pool.end());
  const deks = () => createDeks({ store: createDekStore(pool), keyring: rotated });
  t.is(await findingsOf(scene, 0, deks()), 'key_unavailable');
  t.is(await findingsOf(scene, 1, deks()), 'open');
  const result = await verifyLedger({ source: parts.source, deks: deks() });
  t.deepEqual([result.problems, result.keyUnavailable], [[], 1]);
});
