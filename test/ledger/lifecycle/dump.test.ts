import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { openDump } from '../../../src/ledger/dump/read.ts';
import { writeDump } from '../../../src/ledger/dump/write.ts';
import { verifyLedger } from '../../../src/ledger/verify.ts';
import { createRecordSource } from '../../../src/store/record-source.ts';
import { chainNodes } from '../../../src/ledger/tree/chain-nodes.ts';
import { rootAt } from '../../../src/ledger/tree/proof.ts';
import { createTreeSource } from '../../../src/store/tree-source.ts';
import { createPool } from '../../../src/store/session.ts';
import { temporary } from '../../support/export.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { retentionScene } from '../../support/retention-scene.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

test('what retention dropped verifies in a dump as in the database', async (t) => {
  const scene = await retentionScene(t, postgres);
  await scene.lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
  await scene.lifecycle.retention.run();
  const url = scene.database.url('cordon_reader');
  const pool = createPool({ url, role: 'cordon_reader', deadlineMs: 20_000, max: 2 });
  t.teardown(() => pool.end());
  const source = createRecordSource(pool);
  const lines: string[] = [];
  for await (const line of writeDump({ ...source, checkpoints: () => Promise.resolve([]) })) lines.push(line);
  const file = path.join(temporary(t), 'ledger.dump');
  writeFileSync(file, lines.join(''));
  const dump = await openDump(file);
  t.teardown(() => dump.close());
  const dumped = await verifyLedger({ source: dump });
  t.deepEqual(dumped, await verifyLedger({ source }));
  t.true(dumped.dropped > 0);
  t.deepEqual(dumped.problems, []);
});

test('a chain of which a month was dropped still gives the roots of its checkpoints', async (t) => {
  const scene = await retentionScene(t, postgres);
  await scene.lifecycle.retention.demand([{ tenant: '', days: 400, shredding: true }]);
  await scene.lifecycle.retention.run();
  const url = scene.database.url('cordon_reader');
  const pool = createPool({ url, role: 'cordon_reader', deadlineMs: 20_000, max: 2 });
  t.teardown(() => pool.end());
  const trees = createTreeSource(pool);
  t.true(scene.checkpoints.length > 0);
  for (const { chain, size, root } of scene.checkpoints)
    t.true((await rootAt(chainNodes(trees, chain), size)).equals(root));
});
