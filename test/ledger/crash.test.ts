import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { CordonError } from '../../src/domain/errors.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { createLedgerParts, decision } from '../support/ledger.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

// Alone in its file: the other tests would not survive their server's death.
let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('killing the database under load loses no acknowledged record and doubles none', async (t) => {
  const database = await postgres.createDatabase();
  const parts = await createLedgerParts(t, (role) => database.url(role));
  const ledger = parts.create({ limits: { deadlineMs: 1_500 } });
  await ledger.start();
  const acknowledged: string[] = [];
  let refused = 0;
  let running = true;
  const caller = async () => {
    while (running) {
      const record = decision();
      await ledger.begin(record).then(
        () => acknowledged.push(record.requestId),
        (error: unknown) => {
          refused += 1;
          t.true(error instanceof CordonError && error.code === 'audit_unavailable');
        },
      );
    }
  };
  const callers = Array.from({ length: 16 }, caller);
  for (let kill = 0; kill < 2; kill++) {
    const target = acknowledged.length + 300;
    while (acknowledged.length < target) await sleep(5);
    process.kill(postgres.server.pid, 'SIGKILL');
    const after = acknowledged.length + 64;
    while (acknowledged.length < after) await sleep(5);
  }
  running = false;
  await Promise.all(callers);
  await ledger.close();
  const [row] = await database.query(
    `select count(*)::int as n, count(distinct request_id)::int as ids from cordon.records where type = 'DECISION'`,
  );
  const [kept] = await database.query(
    `select count(*)::int as n from cordon.records where type = 'DECISION' and request_id = any($1)`,
    [acknowledged],
  );
  t.is(kept?.['n'], acknowledged.length, 'every acknowledged record is there');
  t.is(row?.['n'], row?.['ids'], 'none is there twice');
  t.true(Number(row?.['n']) <= acknowledged.length + refused);
  t.deepEqual((await verifyLedger({ source: parts.source })).problems, []);
});
