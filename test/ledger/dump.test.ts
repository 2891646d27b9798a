import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { openDump } from '../../src/ledger/dump/read.ts';
import { type DumpedSource, writeDump } from '../../src/ledger/dump/write.ts';
import { type Verification, verifyLedger } from '../../src/ledger/verify.ts';
import { openCheckpoint } from '../../src/ledger/tree/checkpoint.ts';
import { createTreeSource } from '../../src/store/tree-source.ts';
import { createPool } from '../../src/store/session.ts';
import { decision } from '../support/ledger.ts';
import { asSuperuser, exportScene, type ExportScene, temporary } from '../support/export.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

async function scene(
  t: ExecutionContext,
  pairs: number,
): Promise<ExportScene & { dump(changes?: Partial<DumpedSource>): Promise<string> }> {
  const made = await exportScene(t, await postgres.createDatabase(), { pairs });
  const url = made.database.url('cordon_reader');
  const pool = createPool({ url, role: 'cordon_reader', deadlineMs: 20_000, max: 2 });
  t.teardown(() => pool.end());
  return {
    ...made,
    async dump(changes = {}): Promise<string> {
      const file = path.join(temporary(t), 'ledger.dump');
      const source = { ...made.parts.source, checkpoints: createTreeSource(pool).checkpoints, ...changes };
      const lines: string[] = [];
      for await (const line of writeDump(source)) lines.push(line);
      writeFileSync(file, lines.join(''));
      return file;
    },
  };
}

async function verify(file: string, made?: ExportScene): Promise<Verification> {
  const source = await openDump(file);
  try {
    const checkpoints = [];
    if (made !== undefined) {
      for (const { chain } of await source.chains()) {
        for (const { note } of await source.checkpoints(chain, 0, 10_000)) {
          const opened = openCheckpoint(note, [made.signer]);
          if (opened !== undefined) checkpoints.push(opened);
        }
      }
    }
    return await verifyLedger({ source, checkpoints });
  } finally {
    await source.close();
  }
}

const edited = (file: string, change: (text: string) => string): string => {
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (before === after) throw new Error('nothing was changed');
  writeFileSync(file, after);
  return file;
};

test('a dump says what the database says, over many pages, and holds no ciphertext', async (t) => {
  const made = await scene(t, 1_500);
  const file = await made.dump();
  const [dumped, live] = [await verify(file, made), await verifyLedger({ source: made.parts.source })];
  t.true(dumped.checkpoints > 0);
  t.deepEqual({ ...dumped, checkpoints: 0 }, live);
  t.is(dumped.records, 3_002);
  const [row] = await made.database.query(
    "select encode(body, 'hex') as body from cordon.records where body is not null",
  );
  t.false(readFileSync(file, 'utf8').includes(String(row?.['body'])));
});

test('what is written while the dump is made is the next one’s; what nobody’s writer put there is not left out', async (t) => {
  const made = await scene(t, 3);
  const ledger = made.parts.create({ limits: { batchRows: 1 } });
  await ledger.start();
  t.teardown(() => ledger.close());
  await ledger.begin(decision());
  let reads = 0;
  const grow = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) await ledger.begin(decision());
  };
  const dumpWhileWriting = (): Promise<string> =>
    made.dump({
      chains: async () => {
        const heads = await made.parts.source.chains();
        if (reads++ < 3) await grow();
        return heads;
      },
    });
  const dumped = await verify(await dumpWhileWriting());
  t.deepEqual(dumped.problems, []);
  t.true(reads > 1, 'there was more than the first heads told');
  reads = 0;
  await asSuperuser(
    made.database,
    `insert into cordon.records (chain, seq, request_id, type, tenant, at_ms, period, leaf, header)
     select chain, 1000, gen_random_uuid(), type, tenant, at_ms, period, leaf, header from cordon.records
     where type = 'DECISION' order by at_ms desc limit 1`,
  );
  const forged = await verify(await dumpWhileWriting());
  t.true(forged.problems.some(({ kind, seq }) => kind === 'record_unbatched' && seq === 1000));
});

test('each kind of tampering is named in a dump as in the database', async (t) => {
  const made = await scene(t, 10);
  await asSuperuser(
    made.database,
    `update cordon.records set header = replace(header, '"allow":true', '"allow":false') where seq = 3;
     delete from cordon.records where seq = 7; update cordon.batches set prev = sha256('x') where first_seq = 1`,
  );
  const [dumped, live] = [await verify(await made.dump()), await verifyLedger({ source: made.parts.source })];
  t.deepEqual(dumped.problems, live.problems);
  t.deepEqual([...new Set(dumped.problems.map(({ kind }) => kind))].sort(), [
    'batch_link_mismatch',
    'batch_root_mismatch',
    'leaf_mismatch',
    'record_missing',
  ]);
});

test('a record changed in the dump itself is named, and one whose every hash was forged by its checkpoints', async (t) => {
  const made = await scene(t, 10);
  const changed = edited(await made.dump(), (text) => text.replace('\\"allow\\":true', '\\"allow\\":false'));
  t.deepEqual(
    (await verify(changed)).problems.map(({ kind }) => kind),
    ['leaf_mismatch', 'batch_root_mismatch'],
  );
  t.true((await verify(changed, made)).problems.some(({ kind }) => kind === 'checkpoint_mismatch'));
});

test('a dump that is cut short, reordered, or none is refused', async (t) => {
  const made = await scene(t, 3);
  const file = await made.dump();
  const whole = readFileSync(file, 'utf8');
  const lines = whole.split('\n').slice(0, -1);
  const refused = async (text: string): Promise<void> => {
    writeFileSync(file, text);
    await t.throwsAsync(openDump(file), { name: 'DumpError' });
  };
  await refused('');
  await refused(whole.slice(0, -1));
  await refused(whole.slice(0, Math.floor(whole.length / 2)));
  await refused(`${lines.slice(0, -1).join('\n')}\n`);
  await refused(`${[...lines.slice(0, 5), ...lines.slice(6)].join('\n')}\n`);
  await refused(`${whole}${lines[1] ?? ''}\n`);
  await refused(whole.replace('cordon-dump/1', 'cordon-dump/2'));
  const rows = lines.filter((line) => line.startsWith('r '));
  const others = lines.filter((line) => !line.startsWith('r '));
  await refused(`${[...others.slice(0, -1), ...rows.toReversed(), others.at(-1) ?? ''].join('\n')}\n`);
});

test('whatever bytes are put into a dump, it is refused or its verification ends', async (t) => {
  const made = await scene(t, 2);
  const file = await made.dump();
  const whole = readFileSync(file);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), async (place, byte) => {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(byte, place);
      writeFileSync(file, bytes);
      const result = await verify(file, made).catch((error: unknown) => error);
      if (bytes.equals(whole)) t.like(result, { problems: [] });
      else t.pass();
      if (result instanceof Error) t.is(result.name, 'DumpError');
    }),
    { numRuns: 60 },
  );
});
