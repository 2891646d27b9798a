import test from 'ava';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { completion, createLedgerParts, decision } from '../support/ledger.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

const CLEAN = { open: 0, orphans: 0, duplicates: 0 };

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('what was written verifies, opens and pairs', async (t) => {
  const database = await postgres.createDatabase();
  const parts = await createLedgerParts(t, (role) => database.url(role));
  const ledger = parts.create();
  await ledger.start();
  t.true(await ledger.healthy());
  await Promise.all(
    Array.from({ length: 600 }, async () => {
      const record = decision();
      await ledger.begin(record);
      await ledger.finish(completion(record.requestId));
    }),
  );
  await ledger.note({ type: 'POLICY_ACTIVATED', atMs: Date.now(), tenant: 'acme', data: { hash: 'x', rules: ['a'] } });
  await ledger.close();
  const result = await verifyLedger({ source: parts.source, deks: parts.deks });
  t.deepEqual(result.problems, []);
  t.is(result.records, 1203);
  t.is(result.opened, 600 * 4);
  t.like(result.pairing, { decisions: 600, completions: 600, ...CLEAN });
  t.true(result.batches < 600, 'commits are shared');
});
