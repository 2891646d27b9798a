import test from 'ava';
import { newId, ORIGIN } from '../../support/ledger.ts';
import { asSuperuser, asWriter } from '../../support/lifecycle.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import {
  retentionScene,
  MARCH,
  APRIL,
  verifyScene,
  kindsOf,
  holdApril,
} from '../../support/retention-scene.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('rows deleted by hand are missing, dropped neighbours or not', async (t) => {
  const scene = await retentionScene(t, postgres);
  await scene.lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
  await holdApril(scene);
  await scene.lifecycle.retention.run();
  const [row] = await scene.database.query(
    `select chain, seq from cordon.records where period = '${APRIL}' limit 1`,
  );
  await asSuperuser(
    scene.database,
    `delete from cordon.records where chain = '${String(row?.['chain'])}' and seq = ${String(row?.['seq'])}`,
  );
  const result = await verifyScene(scene);
  t.true(result.problems.some(({ kind, seq }) => kind === 'record_missing' && seq === Number(row?.['seq'])));
});

test('a partition dropped by hand is missing, and so is one with leaves but no record, or with a forged record', async (t) => {
  const scene = await retentionScene(t, postgres);
  const { database } = scene;
  await asSuperuser(
    database,
    `insert into cordon.dropped_leaves select chain, first_seq, '00000000-0000-4000-8000-000000000001', leaves
       from cordon.month_runs('${MARCH}');
     drop table cordon.records_2019_03`,
  );
  t.true(kindsOf(await verifyScene(scene)).includes('record_missing'), 'leaves without a drop cover nothing');

  // The whole of it, invented: only the record in the chain is not there.
  const [runs] = await database.query(
    `select encode(sha256(string_agg(cordon.run_bytes(chain, first_seq, leaves), ''::bytea order by chain, first_seq)), 'hex') as digest,
            sum(octet_length(leaves) / 32)::int as records, (select chain::text from cordon.chains where opened_ms > 1600000000000) as chain
     from cordon.dropped_leaves`,
  );
  const start = '00000000-0000-4000-8000-000000000001';
  const header = JSON.stringify({
    chain: runs?.['chain'],
    record: {
      at: 1,
      data: { digest: runs?.['digest'], month: MARCH, records: runs?.['records'] },
      id: start,
      origin: ORIGIN,
      sealed: [],
      tenant: '',
      type: 'RETENTION_STARTED',
      v: 1,
    },
    seq: 1,
  });
  await database.query(
    'insert into cordon.drops (start, month, chain, seq, header, records, keys_destroyed, dropped_ms) values ($1, $2, $3, 1, $4, $5, 0, 1)',
    [start, MARCH, runs?.['chain'], header, runs?.['records']],
  );
  t.deepEqual(kindsOf(await verifyScene(scene)), ['drop_unproven']);
});

test('leaves changed after a drop are found', async (t) => {
  const scene = await retentionScene(t, postgres);
  await scene.lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
  await scene.lifecycle.retention.run();
  await asSuperuser(
    scene.database,
    'update cordon.dropped_leaves set leaves = set_byte(leaves, 5, get_byte(leaves, 5) # 1)',
  );
  const found = kindsOf(await verifyScene(scene));
  t.true(found.includes('drop_unproven') && found.includes('record_missing'));
});

test('the record of a drop that was refused is no cover for dropping by hand', async (t) => {
  for (const refused of [false, true]) {
    const scene = await retentionScene(t, postgres);
    const [plan] = await scene.database.query(
      `select records::int as records, encode(digest, 'hex') as digest from cordon.plan_drop('${MARCH}')`,
    );
    const id = newId();
    const note = { id, atMs: Date.now(), tenant: '' } as const;
    const data = { month: MARCH, records: Number(plan?.['records']), digest: String(plan?.['digest']) };
    await scene.ledger.note({ ...note, type: 'RETENTION_STARTED', data });
    if (refused) await scene.ledger.note({ ...note, type: 'RETENTION_REFUSED', data: { reason: 'held' } });
    await scene.lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
    const [asked] = await asWriter(scene.database, `select outcome from cordon.drop_month('${id}')`);
    t.is(asked?.['outcome'], refused ? 'absent' : 'dropped');
    if (refused) {
      await asSuperuser(
        scene.database,
        `insert into cordon.dropped_leaves select chain, first_seq, '${id}', leaves from cordon.month_runs('${MARCH}');
         insert into cordon.drops select '${id}', '${MARCH}', chain, seq, header, ${data.records}, 0, 1
           from cordon.records where request_id = '${id}' and type = 'RETENTION_STARTED';
         drop table cordon.records_2019_03`,
      );
    }
    t.deepEqual(kindsOf(await verifyScene(scene)), refused ? ['drop_unproven'] : []);
  }
});
