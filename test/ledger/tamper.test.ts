import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openDump } from '../../src/ledger/dump/read.ts';
import { writeDump } from '../../src/ledger/dump/write.ts';
import { verifyBundle } from '../../src/ledger/export/verify-bundle.ts';
import { type FoundRow, type StoredRow } from '../../src/ledger/ports.ts';
import { type Checkpoint, openCheckpoint } from '../../src/ledger/tree/checkpoint.ts';
import { type ProblemKind, type Verification, verifyLedger } from '../../src/ledger/verify.ts';
import { createTreeSource } from '../../src/store/tree-source.ts';
import { createPool } from '../../src/store/session.ts';
import {
  asSuperuser,
  bundleOf,
  exportScene,
  type ExportScene,
  runVerifier,
  temporary,
  unpack,
} from '../support/export.ts';
import { newId } from '../support/ledger.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { rewriteChain, type Tampering } from '../support/tamper.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

interface Scene extends ExportScene {
  /** What a sink outside kept, before anything was changed. */
  readonly kept: readonly Checkpoint[];
  dump(): Promise<string>;
}

/** START, 20 calls and STOP in one chain: 42 records, DECISIONs from the second on. */
async function scene(t: ExecutionContext): Promise<Scene> {
  const made = await exportScene(t, await postgres.createDatabase(), { pairs: 20 });
  const url = made.database.url('cordon_reader');
  const pool = createPool({ url, role: 'cordon_reader', deadlineMs: 20_000, max: 2 });
  t.teardown(() => pool.end());
  const { checkpoints } = createTreeSource(pool);
  const [head] = await made.parts.source.chains();
  const kept = (await checkpoints(head?.chain ?? '', 0, 1_000)).flatMap(
    ({ note }) => openCheckpoint(note, [made.signer]) ?? [],
  );
  t.true(kept.some(({ size }) => size === 42));
  return {
    ...made,
    kept,
    async dump(): Promise<string> {
      const file = path.join(temporary(t), 'ledger.dump');
      const lines: string[] = [];
      for await (const line of writeDump({ ...made.parts.source, checkpoints })) lines.push(line);
      writeFileSync(file, lines.join(''));
      return file;
    },
  };
}

/** The same question to the database and to a dump of it; they must agree. */
async function found(
  t: ExecutionContext,
  made: Scene,
  checkpoints: readonly Checkpoint[],
): Promise<Verification> {
  const live = await verifyLedger({ source: made.parts.source, checkpoints });
  const dump = await openDump(await made.dump());
  try {
    t.deepEqual(await verifyLedger({ source: dump, checkpoints }), live, 'a dump of it');
  } finally {
    await dump.close();
  }
  return live;
}

const at = (rows: readonly StoredRow[], seq: number): StoredRow => {
  const row = rows[seq - 1];
  if (row === undefined) throw new Error('there is no such row');
  return row;
};
const swapped = (rows: readonly FoundRow[], one: number, other: number): readonly FoundRow[] =>
  rows.map((row, i) => (i === one - 1 ? rows[other - 1] : i === other - 1 ? rows[one - 1] : row) ?? row);

interface Kind {
  /** By hand, and nothing else put right. */
  readonly sql: string;
  /** What is named then, from the database alone; `seq` of the first, where there is a place. */
  readonly named: readonly [ProblemKind, number];
  /** The same with every hash above it made again. */
  readonly rewrite: Tampering;
}

/** Ways of tampering. Each is done twice: clumsily, and with everything in the database rewritten to agree. */
const KINDS: Readonly<Record<string, Kind>> = {
  'an edited record': {
    sql: `update cordon.records set header = replace(header, '"allow":true', '"allow":false') where seq = 5`,
    named: ['leaf_mismatch', 5],
    rewrite: (rows) =>
      rows.map((row) =>
        row.seq === 5 ? { ...row, header: row.header.replace('"allow":true', '"allow":false') } : row,
      ),
  },
  'a deleted record': {
    sql: 'delete from cordon.records where seq = 11',
    named: ['record_missing', 11],
    rewrite: (rows) => rows.filter(({ seq }) => seq !== 11),
  },
  'an inserted record': {
    sql: `insert into cordon.records select period, chain, 43, gen_random_uuid(), type, tenant, at_ms, leaf, header,
      context, body, findings, response from cordon.records where seq = 5`,
    named: ['record_unbatched', 43],
    rewrite: (rows) => {
      const row = at(rows, 5);
      const requestId = newId();
      const forged = { ...row, requestId, header: row.header.replaceAll(row.requestId, requestId) };
      return [...rows.slice(0, 9), forged, ...rows.slice(9)];
    },
  },
  'two records that changed places': {
    sql: `update cordon.records set seq = 1000 where seq = 3; update cordon.records set seq = 3 where seq = 4;
      update cordon.records set seq = 4 where seq = 1000`,
    named: ['column_mismatch', 3],
    rewrite: (rows) => swapped(rows, 3, 4),
  },
  'a tail cut off': {
    sql: 'delete from cordon.records where seq > 30',
    named: ['record_missing', 31],
    rewrite: (rows) => rows.slice(0, 30),
  },
  'two ciphertexts that changed places': {
    sql: `update cordon.records r set body = o.body from (select seq, body from cordon.records where seq in (5, 6)) o
      where r.seq in (5, 6) and o.seq <> r.seq`,
    named: ['leaf_mismatch', 5],
    rewrite: (rows) => {
      const bodies = new Map([
        [5, at(rows, 6).fields.body],
        [6, at(rows, 5).fields.body],
      ]);
      return rows.map((row) => {
        const body = bodies.get(row.seq);
        return body === undefined ? row : { ...row, fields: { ...row.fields, body } };
      });
    },
  },
};

for (const [name, { sql, named, rewrite }] of Object.entries(KINDS)) {
  test(`${name}: named with its place, live and in a dump, and not exported`, async (t) => {
    const made = await scene(t);
    t.deepEqual((await found(t, made, made.kept)).problems, []);
    await asSuperuser(made.database, sql);
    const { problems } = await found(t, made, []);
    const [kind, seq] = named;
    t.true(
      problems.some((problem) => problem.kind === kind && problem.seq === seq),
      JSON.stringify(problems),
    );
    // An added row lies behind the frozen end, and is exported by nobody.
    if (seq > 42)
      t.deepEqual((await verifyBundle(unpack(t, await bundleOf(t, made)), made.key)).problems, []);
    else await t.throwsAsync(bundleOf(t, made));
  });

  test(`${name}, with triggers off and every hash rewritten: found by the checkpoints kept outside, and by them alone`, async (t) => {
    const made = await scene(t);
    await rewriteChain({ database: made.database, source: made.parts.source }, rewrite);
    t.deepEqual((await found(t, made, [])).problems, [], 'the database agrees with itself');
    const { problems } = await found(t, made, made.kept);
    t.deepEqual(
      [...new Set(problems.map(({ kind }) => kind))].filter((kind) => !kind.startsWith('checkpoint_')),
      [],
    );
    t.not(problems.length, 0);
    await t.throwsAsync(bundleOf(t, made), undefined, 'its own checkpoint does not see it so');
    // Nor when the copies in the database go, too: a bundle is signed now, says so, and is not what was kept.
    await asSuperuser(made.database, 'truncate cordon.checkpoints');
    const directory = unpack(t, await bundleOf(t, made));
    const manifest = readFileSync(path.join(directory, 'manifest.json'), 'utf8');
    t.regex(manifest, /"signedAtExport": true/);
    const [chain] = made.kept;
    const note = readFileSync(path.join(directory, 'checkpoints', `${chain?.chain ?? ''}.note`), 'utf8');
    const signed = openCheckpoint(note, [made.signer]);
    t.false(made.kept.some(({ size, root }) => size === signed?.size && root.equals(signed.root)));
  });
}

test('two ciphertexts that changed places do not open either, whatever the hashes say', async (t) => {
  const made = await scene(t);
  const swap = KINDS['two ciphertexts that changed places']?.rewrite ?? ((rows) => rows);
  await rewriteChain({ database: made.database, source: made.parts.source }, swap);
  const { problems } = await verifyLedger({ source: made.parts.source, deks: made.parts.freshDeks() });
  t.deepEqual(
    problems.map(({ kind, seq }) => [kind, seq]),
    [
      ['decrypt_failed', 5],
      ['decrypt_failed', 6],
    ],
  );
});

test('an old backup put in place is found by the checkpoints kept outside, live and in a dump', async (t) => {
  const made = await scene(t);
  const [head] = await made.parts.source.chains();
  // As the database was when the last but one batch had been written, its checkpoints included.
  const batches = await made.parts.source.batches(head?.chain ?? '', 0, 100);
  const old = batches.findLast(({ lastSeq }) => lastSeq < 42);
  t.true(old !== undefined && old.lastSeq < 42);
  await asSuperuser(
    made.database,
    `delete from cordon.records where seq > ${old?.lastSeq}; delete from cordon.batches where last_seq > ${old?.lastSeq};
     delete from cordon.checkpoints where size > ${old?.lastSeq};
     update cordon.chains set closed = false, seq = ${old?.lastSeq}, hash = '\\x${old?.hash.toString('hex')}'`,
  );
  t.deepEqual((await found(t, made, [])).problems, []);
  const { problems } = await found(t, made, made.kept);
  t.true(problems.some(({ kind, seq }) => kind === 'checkpoint_beyond_end' && seq === 42));
});

/** Changes an unpacked bundle and puts right whatever needs no signature: sums, sizes and hashes in the manifest. */
function reseal(directory: string, changes: Readonly<Record<string, (lines: string[]) => string[]>>): void {
  const at = (name: string): string => path.join(directory, name);
  const manifest = JSON.parse(readFileSync(at('manifest.json'), 'utf8')) as {
    readonly files: Record<string, { bytes: number; sha256: string }>;
  };
  let sums = readFileSync(at('SHA256SUMS'), 'utf8');
  const put = (name: string, content: string): void => {
    const before = hash('sha256', readFileSync(at(name)));
    writeFileSync(at(name), content);
    const sha256 = hash('sha256', content);
    if (before === sha256) throw new Error('nothing was changed');
    if (name in manifest.files) manifest.files[name] = { bytes: Buffer.byteLength(content), sha256 };
    sums = sums.replace(before, sha256);
  };
  for (const [name, change] of Object.entries(changes)) {
    const lines = change(readFileSync(at(name), 'utf8').split('\n').slice(0, -1));
    put(name, `${lines.join('\n')}\n`);
  }
  put('manifest.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
  writeFileSync(at('SHA256SUMS'), sums);
}

type Lines = (lines: string[]) => string[];
const both = (change: Lines) => ({ 'leaves.jsonl': change, 'records.jsonl': change });
const BUNDLES: Readonly<Record<string, Readonly<Record<string, Lines>>>> = {
  'an edited record': {
    'records.jsonl': (lines) => lines.map((line) => line.replace('\\"allow\\":true', '\\"allow\\":false')),
  },
  'a deleted record': both((lines) => lines.filter((_, i) => i !== 10)),
  'an inserted record': both((lines) => [...lines.slice(0, 10), lines[4] ?? '', ...lines.slice(10)]),
  'two records that changed places': both((lines) =>
    lines.map((line, i) => (i === 4 ? lines[5] : i === 5 ? lines[4] : line) ?? line),
  ),
  'a tail cut off': both((lines) => lines.slice(0, 30)),
  'two ciphertexts that changed places': {
    'leaves.jsonl': (lines) => {
      const digestOf = (line = ''): string => /"body":"([0-9a-f]+)"/.exec(line)?.[1] ?? '';
      const [one, other] = [digestOf(lines[4]), digestOf(lines[5])];
      return lines.map((line, i) =>
        i === 4 ? line.replace(one, other) : i === 5 ? line.replace(other, one) : line,
      );
    },
  },
};

for (const [name, changes] of Object.entries(BUNDLES)) {
  test(`${name} of a bundle, with its sums put right, does not fit the signed root`, async (t) => {
    const made = await scene(t);
    const directory = unpack(t, await bundleOf(t, made));
    t.deepEqual((await verifyBundle(directory, made.key)).problems, []);
    reseal(directory, changes);
    const { problems } = await verifyBundle(directory, made.key);
    t.true(
      problems.some((problem) => /do not give the signed root|is out of order/.test(problem)),
      problems.join('\n'),
    );
    t.is(runVerifier(directory, made.key).status, 1);
  });
}

test('the checkpoint and tree of an older bundle do not fit the records of a newer one', async (t) => {
  const made = await scene(t);
  const files = await bundleOf(t, made);
  const chain = made.kept[0]?.chain ?? '';
  const older = made.kept.find(({ size }) => size < 42);
  const [row] = await made.database.query('select note from cordon.checkpoints where size = $1', [
    older?.size,
  ]);
  const directory = unpack(t, files);
  reseal(directory, { [`checkpoints/${chain}.note`]: () => String(row?.['note']).split('\n').slice(0, -1) });
  const { problems } = await verifyBundle(directory, made.key);
  t.not(problems.length, 0);
  t.is(runVerifier(directory, made.key).status, 1);
});
