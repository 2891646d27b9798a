import { generateKeyPairSync } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { createNoteSigner } from '../../src/crypto/signed-note.ts';
import { batchHash, genesisHash, treeRoot } from '../../src/ledger/leaf.ts';
import { type Checkpoint, openCheckpoint } from '../../src/ledger/tree/checkpoint.ts';
import { createCheckpointer } from '../../src/ledger/tree/checkpointer.ts';
import { rootAt } from '../../src/ledger/tree/proof.ts';
import { tileSource } from '../../src/ledger/tree/tiles.ts';
import { type Verification, verifyLedger } from '../../src/ledger/verify.ts';
import { createTreeStore } from '../../src/store/tree-store.ts';
import { createPool } from '../../src/store/session.ts';
import { completion, createLedgerParts, decision, type LedgerParts, ORIGIN } from '../support/ledger.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

interface Scene {
  readonly database: TestDatabase;
  readonly parts: LedgerParts;
  /** What an external sink kept. */
  readonly kept: readonly Checkpoint[];
}

/** A closed chain of 42 records whose checkpoints went to a sink, in batches of at most five. */
async function written(
  t: ExecutionContext,
  pairs = 20,
  existing?: Pick<Scene, 'database' | 'parts'>,
): Promise<Scene> {
  const database = existing?.database ?? (await postgres.createDatabase());
  const parts = existing?.parts ?? (await createLedgerParts(t, (role) => database.url(role)));
  const pool = createPool({
    url: database.url('cordon_writer'),
    role: 'cordon_writer',
    deadlineMs: 20_000,
    max: 1,
  });
  t.teardown(() => pool.end());
  const signer = createNoteSigner(ORIGIN, generateKeyPairSync('ed25519').privateKey);
  const kept: Checkpoint[] = [];
  const checkpointer = createCheckpointer({
    origin: ORIGIN,
    signer,
    store: createTreeStore(pool),
    sinks: [
      {
        name: 'kept',
        publish: ({ note }) => {
          const checkpoint = openCheckpoint(note, [signer]);
          if (checkpoint !== undefined) kept.push(checkpoint);
          return Promise.resolve();
        },
      },
    ],
    now: Date.now,
    everyMs: 1,
    everyRecords: 5,
    sinkDeadlineMs: 5_000,
    onEvent: () => undefined,
  });
  const ledger = parts.create({
    limits: { batchRows: 5 },
    onDurable: (chain, leaves) => {
      checkpointer.append(chain, leaves);
    },
  });
  await ledger.start();
  const records = Array.from({ length: pairs }, () => decision());
  await Promise.all(records.map((record) => ledger.begin(record)));
  await Promise.all(records.map((record) => ledger.finish(completion(record.requestId))));
  await ledger.close();
  await checkpointer.close();
  return { database, parts, kept };
}

/** A superuser switches off every trigger there is. */
async function asSuperuser(database: TestDatabase, sql: string): Promise<void> {
  await database.query(`set session_replication_role = replica;
    do $$ declare found record; begin
      for found in select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'cordon' and c.relkind in ('r', 'p') loop
        execute format('alter table %s disable trigger all', found.name);
      end loop; end $$;
    ${sql}`);
}

async function verify({ parts, kept }: Scene): Promise<{ alone: Verification; witnessed: Verification }> {
  return {
    alone: await verifyLedger({ source: parts.source }),
    witnessed: await verifyLedger({ source: parts.source, checkpoints: kept }),
  };
}

/** Makes batches, links and head agree with the rows as they now are. */
async function forge({ database, parts }: Scene): Promise<void> {
  const [head] = await parts.source.chains();
  if (head === undefined) return;
  let prev = genesisHash(head.chain, head.instance, head.openedMs);
  const sql: string[] = [];
  for (const batch of await parts.source.batches(head.chain, 0, 1_000)) {
    const rows = await parts.source.rows(
      head.chain,
      batch.firstSeq - 1,
      batch.lastSeq - batch.firstSeq + 1,
      [],
    );
    const root = treeRoot(rows.map((row) => row.leaf));
    const hash = batchHash({ ...batch, root, prev });
    sql.push(
      `update cordon.batches set root = '\\x${root.toString('hex')}', prev = '\\x${prev.toString('hex')}',
         hash = '\\x${hash.toString('hex')}' where first_seq = ${batch.firstSeq}`,
    );
    prev = hash;
  }
  sql.push(`update cordon.chains set hash = '\\x${prev.toString('hex')}'`);
  await asSuperuser(database, sql.join(';'));
}

test('an untouched ledger meets every checkpoint', async (t) => {
  const scene = await written(t);
  const { witnessed } = await verify(scene);
  t.true(scene.kept.length > 1);
  t.deepEqual([witnessed.problems, witnessed.checkpoints], [[], scene.kept.length]);
  t.is(scene.kept.at(-1)?.size, 42, 'the last one covers STOP');
});

test('a tail that a superuser cut off with its head is found by checkpoints alone', async (t) => {
  const scene = await written(t);
  const batches = await scene.parts.source.batches(
    (await scene.parts.source.chains())[0]?.chain ?? '',
    0,
    100,
  );
  const last = batches.at(-1);
  const before = batches.at(-2);
  await asSuperuser(
    scene.database,
    `delete from cordon.records where seq >= ${last?.firstSeq}; delete from cordon.batches where first_seq = ${last?.firstSeq};
     update cordon.chains set seq = ${before?.lastSeq}, hash = '\\x${before?.hash.toString('hex')}'`,
  );
  const { alone, witnessed } = await verify(scene);
  t.deepEqual(alone.problems, []);
  t.deepEqual(
    witnessed.problems.map(({ kind, seq }) => [kind, seq]),
    [['checkpoint_beyond_end', 42]],
  );
});

test('an old backup put in place is found by checkpoints alone', async (t) => {
  const scene = await written(t);
  const { database, parts } = scene;
  await asSuperuser(
    database,
    `create schema backup; create table backup.records as select * from cordon.records;
     create table backup.batches as select * from cordon.batches; create table backup.chains as select * from cordon.chains`,
  );
  const later = await written(t, 5, scene);
  t.deepEqual((await verifyLedger({ source: parts.source, checkpoints: later.kept })).problems, []);
  await asSuperuser(
    database,
    `truncate cordon.records, cordon.batches, cordon.chains; insert into cordon.records select * from backup.records;
     insert into cordon.batches select * from backup.batches; insert into cordon.chains select * from backup.chains`,
  );
  const result = await verifyLedger({ source: parts.source, checkpoints: [...scene.kept, ...later.kept] });
  t.deepEqual((await verify(scene)).alone.problems, []);
  t.deepEqual(
    result.problems.map(({ kind, chain }) => [kind, chain]),
    [['checkpoint_beyond_end', later.kept[0]?.chain]],
  );
});

test('a record that a superuser rewrote with every hash above it is found by checkpoints alone', async (t) => {
  const scene = await written(t);
  await asSuperuser(
    scene.database,
    `update cordon.records set header = replace(header, '"allow":true', '"allow":false') where seq = 38 or seq = 5;
     update cordon.records set leaf = sha256('\\x00'::bytea || convert_to(header, 'UTF8') || coalesce(sha256(context), '')
       || coalesce(sha256(body), '') || coalesce(sha256(findings), '') || coalesce(sha256(response), ''))`,
  );
  await forge(scene);
  const { alone, witnessed } = await verify(scene);
  t.deepEqual(alone.problems, []);
  t.deepEqual([...new Set(witnessed.problems.map(({ kind }) => kind))], ['checkpoint_mismatch']);
  t.true((witnessed.problems[0]?.seq ?? 0) >= 5);
});

test('a chain that was removed with everything about it is found by checkpoints alone', async (t) => {
  const scene = await written(t);
  await asSuperuser(scene.database, 'truncate cordon.records, cordon.batches, cordon.chains');
  const { alone, witnessed } = await verify(scene);
  t.deepEqual(alone.problems, []);
  t.deepEqual(
    witnessed.problems.map(({ kind }) => kind),
    ['checkpoint_beyond_end'],
  );
});

test('full tiles are in the database, and give the root of a checkpoint; nobody changes them', async (t) => {
  const scene = await written(t, 140);
  const [row] = await scene.database.query('select hashes from cordon.tiles where level = 0 and index = 0');
  const stored = row?.['hashes'];
  const hashes = Buffer.isBuffer(stored) ? stored : Buffer.alloc(0);
  const source = tileSource(() => Promise.resolve({ level: 0, index: 0, hashes }));
  const [head] = await scene.parts.source.chains();
  const leaves = (await scene.parts.source.rows(head?.chain ?? '', 0, 256, [])).map((found) => found.leaf);
  for (const size of [1, 100, 200, 255]) {
    t.true((await rootAt(source, size)).equals(treeRoot(leaves.slice(0, size))));
  }
  await t.throwsAsync(scene.database.query('update cordon.tiles set index = 7'), { message: /append-only/ });
  await t.throwsAsync(scene.database.query('delete from cordon.checkpoints'), { message: /append-only/ });
});
