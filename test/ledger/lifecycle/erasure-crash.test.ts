import test from 'ava';
import { personReference } from '../../../src/crypto/keyring.ts';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import { COUNSEL, createLifecycle, type LifecycleStores } from '../../support/lifecycle.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { erasureScene, ERASURE, findingsOf, erasureTypes } from '../../support/erasure-scene.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('the index goes in the erasure’s own transaction: when it fails, nothing is destroyed', async (t) => {
  const scene = await erasureScene(t, postgres);
  const now = { ms: Date.now() };
  const lifecycle = createLifecycle(t, scene, { now: () => now.ms });
  const index = async (body: string) =>
    scene.database.query(`set role cordon_owner;
      create table if not exists cordon.seen (tenant text, reference bytea);
      create or replace function cordon.delete_index(of_tenant text, reference bytea) returns bigint
        language plpgsql as $$ begin insert into cordon.seen values (of_tenant, reference); ${body} end $$`);
  await index(`raise exception 'the index is broken';`);
  await t.throwsAsync(lifecycle.erasures.erase(COUNSEL, ERASURE), { code: 'audit_unavailable' });
  t.is(await findingsOf(scene, 0), 'open');
  await index('return 1;');
  now.ms += 120_000;
  t.is(await lifecycle.erasures.resume(), 1);
  t.is(await findingsOf(scene, 0), 'key_unavailable');
  t.deepEqual(await scene.database.query('select * from cordon.seen'), [
    { tenant: 'acme', reference: personReference(scene.parts.keyring, 'acme', 'patient-17') },
  ]);
});

test('a crash at any step leaves either nothing done or everything carried on, each recorded once', async (t) => {
  const died = (): Promise<never> => Promise.reject(new Error('the process died'));
  const crashes: readonly (readonly [
    string,
    (stores: LifecycleStores) => LifecycleStores,
    readonly string[],
  ])[] = [
    [
      'before the destruction',
      (stores) => ({ ...stores, erasures: { ...stores.erasures, destroy: died } }),
      ['ERASURE_STARTED', 'ERASED'],
    ],
    [
      'after the destruction',
      (stores) => ({
        ...stores,
        erasures: {
          ...stores.erasures,
          destroy: async (id) => {
            await stores.erasures.destroy(id);
            return died();
          },
        },
      }),
      ['ERASURE_STARTED', 'ERASED'],
    ],
    [
      'after the result',
      (stores) => ({ ...stores, undertakings: { ...stores.undertakings, end: died } }),
      ['ERASURE_STARTED', 'ERASED'],
    ],
  ];
  for (const [name, replace, wanted] of crashes) {
    const scene = await erasureScene(t, postgres);
    await t.throwsAsync(
      createLifecycle(t, scene, { replace }).erasures.erase(COUNSEL, ERASURE),
      undefined,
      name,
    );
    const early = createLifecycle(t, scene);
    t.is(await early.erasures.resume(), 0, 'whoever began it may still be at it');
    const later = createLifecycle(t, scene, { now: () => Date.now() + 120_000 });
    const [one, other] = await Promise.all([later.erasures.resume(), later.erasures.resume()]);
    t.true(one + other >= 1, name);
    t.is(await later.erasures.resume(), 0);
    t.is(await findingsOf(scene, 0), 'key_unavailable', name);
    t.deepEqual(await erasureTypes(scene), wanted, name);
    t.deepEqual((await verifyLedger({ source: scene.parts.source })).problems, []);
  }
});

test('a crash before the intent is on record destroys nothing, then or later', async (t) => {
  const scene = await erasureScene(t, postgres);
  const ledger = { note: () => Promise.reject(new Error('the process died')) };
  await t.throwsAsync(createLifecycle(t, { ...scene, ledger }).erasures.erase(COUNSEL, ERASURE));
  const later = createLifecycle(t, scene, { now: () => Date.now() + 120_000 });
  t.is(await later.erasures.resume(), 1);
  t.is(await later.erasures.resume(), 0);
  t.is(await findingsOf(scene, 0), 'open');
  t.deepEqual(await erasureTypes(scene), []);
});
