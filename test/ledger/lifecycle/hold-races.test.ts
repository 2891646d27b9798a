import test from 'ava';
import pg from 'pg';
import { personReference } from '../../../src/crypto/keyring.ts';
import { decision, newId } from '../../support/ledger.ts';
import { COUNSEL, OTHER_COUNSEL, createLifecycle } from '../../support/lifecycle.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { holdScene, HOLD, erasing } from '../../support/hold-scene.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('a release recorded before a crash takes effect when the proposal is executed again', async (t) => {
  const scene = await holdScene(t, postgres);
  const { id } = await scene.lifecycle.holds.place(COUNSEL, HOLD);
  const release = {
    id: newId(),
    tenant: 'acme',
    hold: id,
    by: COUNSEL,
    approvedBy: OTHER_COUNSEL,
    reason: 'settled',
  };
  const crashing = createLifecycle(t, scene, {
    replace: (stores) => ({
      ...stores,
      holds: { ...stores.holds, release: () => Promise.reject(new Error('the process died')) },
    }),
  });
  await t.throwsAsync(crashing.holds.release(release), { code: 'audit_unavailable' });
  t.is(
    (await scene.lifecycle.holds.check('acme', id)).releasedMs,
    undefined,
    'not before the database did it',
  );
  t.truthy((await scene.lifecycle.holds.release(release)).releasedMs);
  const [row] = await scene.database.query(
    `select count(*)::int as n from cordon.records where type = 'HOLD_RELEASED'`,
  );
  t.is(row?.['n'], 1);
});

test('a hold whose record a crash prevented is in force, and recorded later', async (t) => {
  const scene = await holdScene(t, postgres);
  const ledger = { note: () => Promise.reject(new Error('the process died')) };
  await t.throwsAsync(createLifecycle(t, { ...scene, ledger }).holds.place(COUNSEL, HOLD));
  await t.throwsAsync(scene.lifecycle.erasures.erase(COUNSEL, erasing('patient-1')), { code: 'held' });
  t.is(await scene.lifecycle.holds.resume(), 0, 'whoever places it may still be at it');
  const later = createLifecycle(t, scene, { now: () => Date.now() + 120_000 });
  t.is(await later.holds.resume(), 1);
  t.is(await later.holds.resume(), 0);
  const [row] = await scene.database.query(`select header from cordon.records where type = 'HOLD_PLACED'`);
  t.true(String(row?.['header']).includes('"resumed":true'));
});

test('a hold placed while an erasure waits for it wins', async (t) => {
  const scene = await holdScene(t, postgres);
  // Somebody is placing a hold and has not committed yet.
  const placing = new pg.Client({ connectionString: scene.database.url('cordon_writer') });
  await placing.connect();
  const reference = personReference(scene.parts.keyring, 'acme', 'patient-1');
  await placing.query('begin');
  await placing.query('select cordon.place_hold($1, $2, $3, $4::bytea[], $5::bytea[], null, null, $6, 1)', [
    ...[newId(), 'acme', 'RACE', [reference], [], reference],
  ]);
  let done = false;
  const erasure = scene.lifecycle.erasures.erase(COUNSEL, erasing('patient-1')).finally(() => (done = true));
  const refused = t.throwsAsync(erasure, { code: 'held', message: /RACE/ });
  // It has come as far as the lock.
  for (;;) {
    const [row] = await scene.database.query(
      `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
         and database = (select oid from pg_database where datname = current_database())`,
    );
    if (row?.['n'] === 1) break;
  }
  t.false(done);
  await placing.query('commit');
  await placing.end();
  await refused;
});

test('of a hold and an erasure at once, either the hold is first and nothing goes, or it keeps what is left', async (t) => {
  const scene = await holdScene(t, postgres);
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      const person = `patient-race-${i}`;
      await scene.ledger.begin(decision({ dataSubject: person }));
      const other = createLifecycle(t, scene);
      const [hold, erasure] = await Promise.allSettled([
        scene.lifecycle.holds.place(COUNSEL, { ...HOLD, dataSubjects: [person] }),
        other.erasures.erase(COUNSEL, erasing(person)),
      ]);
      const alive = await scene.database.query(
        'select 1 from cordon.deks where reference = $1 and wrapped is not null',
        [personReference(scene.parts.keyring, 'acme', person)],
      );
      t.is(hold.status, 'fulfilled');
      t.is(
        erasure.status === 'rejected',
        alive.length === 1,
        'never refused and destroyed, never held and gone',
      );
      return erasure.status;
    }),
  );
  t.is(outcomes.length, 10);
  await t.throwsAsync(scene.lifecycle.erasures.erase(COUNSEL, erasing('patient-race-0')), { code: 'held' });
});
