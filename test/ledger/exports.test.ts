import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Principal } from '../../src/domain/principal.ts';
import { type Proposal } from '../../src/domain/proposal.ts';
import { type SystemRecord } from '../../src/domain/record.ts';
import { createExports, type Exports, type ExportsDeps } from '../../src/ledger/export/exports.ts';
import { type RecordSource } from '../../src/ledger/ports.ts';
import { type ExportRow } from '../../src/ledger/export/ports.ts';
import { verifyBundle } from '../../src/ledger/export/verify-bundle.ts';
import { createExportStore } from '../../src/store/export-store.ts';
import { createPool } from '../../src/store/session.ts';
import { decryptCmsFor } from '../support/cms.ts';
import {
  asSuperuser,
  bytesOf,
  counsel,
  exportScene,
  type ExportScene,
  filesOf,
  temporary,
  unpack,
} from '../support/export.ts';
import { decision, newId, ORIGIN } from '../support/ledger.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

const requester: Principal = { ...decision().principal, subject: 'counsel' };
const BODY = { query: {}, fields: 'metadata', certificates: counsel.certificate } as const;

interface Scene extends ExportScene {
  readonly directory: string;
  readonly notes: SystemRecord[];
  readonly open: (changes?: Partial<ExportsDeps>) => Exports;
}

async function scene(t: ExecutionContext, pairs = 20): Promise<Scene> {
  const made = await exportScene(t, await postgres.createDatabase(), { pairs });
  const url = made.database.url('cordon_writer');
  const pool = createPool({ url, role: 'cordon_writer', deadlineMs: 20_000, max: 2 });
  t.teardown(() => pool.end());
  const directory = path.join(temporary(t), 'exports');
  const notes: SystemRecord[] = [];
  return {
    ...made,
    directory,
    notes,
    open(changes = {}): Exports {
      const exports = createExports({
        ...{
          store: createExportStore(pool),
          bundle: made.deps,
          deks: made.parts.freshDeks(),
          origin: ORIGIN,
        },
        ...{
          directory,
          owner: randomUUID(),
          host: 'here',
          keepMs: 60_000,
          now: Date.now,
          onFailure: () => undefined,
        },
        note: (record) => {
          notes.push(record);
          return Promise.resolve();
        },
        trail: () => Promise.resolve([]),
        pseudonym: (tenant, { subject }) => `${tenant}/${subject}`,
        ...changes,
      });
      t.teardown(() => exports.close());
      return exports;
    },
  };
}

function approved(changes: Partial<Proposal> = {}): Proposal {
  const { issuer, tenant } = requester;
  return {
    ...{
      id: newId(),
      kind: 'audit.export',
      tenant,
      body: BODY,
      hash: 'cd'.repeat(32),
      nonce: '',
      state: 'approved',
    },
    ...{ author: { issuer, subject: 'counsel' }, decider: { issuer, subject: 'officer' } },
    ...{
      createdMs: Date.now(),
      decidedMs: Date.now(),
      expiresMs: Date.now() + 1_000,
      reason: undefined,
      result: undefined,
    },
    ...changes,
  };
}

async function ended(exports: Exports, id: string, tenant = 'acme'): Promise<ExportRow> {
  for (;;) {
    const row = await exports.find(tenant, id);
    if (row !== undefined && row.state !== 'waiting') return row;
    await sleep(20);
  }
}

test('what was approved is made, recorded before it is there, and opens and verifies', async (t) => {
  const { open, notes, directory, key } = await scene(t);
  const exports = open();
  const proposal = approved();
  t.deepEqual(await exports.enqueue(proposal), { export: proposal.id });
  t.deepEqual(await exports.enqueue(proposal), { export: proposal.id }, 'a second time changes nothing');
  exports.start();
  const row = await ended(exports, proposal.id);
  t.like(row, { state: 'done', records: 40, host: 'here', attempts: 1 });
  const file = path.join(directory, `${proposal.id}.p7m`);
  t.is(statSync(file).mode & 0o777, 0o600);
  t.deepEqual(readdirSync(directory), [`${proposal.id}.p7m`]);
  const { stream, sha256 } = await exports.download(requester, proposal.id);
  const files = await filesOf(decryptCmsFor(await bytesOf(stream), counsel.key));
  t.deepEqual(await verifyBundle(unpack(t, files), key), { problems: [], records: 40, chains: 1 });
  t.like(notes[0], {
    type: 'EXPORTED',
    data: { step: 'made', export: proposal.id, sha256, records: 40, approver: 'acme/officer' },
  });
  t.like(notes[1], { type: 'EXPORTED', data: { step: 'downloaded', person: 'acme/counsel' } });
  t.like(JSON.parse(String(files.get('custody.json'))), {
    approvedHash: 'cd'.repeat(32),
    approver: { subject: 'officer' },
  });
});

test('the records are those of the moment of approval', async (t) => {
  const made = await scene(t, 3);
  const exports = made.open();
  const proposal = approved();
  await exports.enqueue(proposal);
  const ledger = made.parts.create();
  await ledger.start();
  await ledger.begin(decision());
  await ledger.close();
  exports.start();
  t.is((await ended(exports, proposal.id)).records, 6);
});

test('nothing is exported of another tenant, and nobody of another tenant sees an export', async (t) => {
  const made = await scene(t, 3);
  const exports = made.open();
  const proposal = approved({ tenant: 'globex' });
  await exports.enqueue(proposal);
  exports.start();
  t.is((await ended(exports, proposal.id, 'globex')).records, 0);
  t.is(await exports.find('acme', proposal.id), undefined);
  t.deepEqual(await exports.list('acme', undefined, 10), []);
  await t.throwsAsync(exports.download(requester, proposal.id), { code: 'not_found' });
});

test('a process that stops in the middle leaves the work to the next, which begins afresh', async (t) => {
  const made = await scene(t, 700);
  const proposal = approved();
  let reached: () => void = () => undefined;
  const middle = new Promise<void>((resolve) => {
    reached = resolve;
  });
  let opened = 0;
  const slow: RecordSource = {
    ...made.parts.source,
    select: async (...args) => {
      if (++opened === 2) {
        reached();
        await sleep(100);
      }
      return made.parts.source.select(...args);
    },
  };
  const first = made.open({ bundle: { ...made.deps, source: slow } });
  await first.enqueue(proposal);
  first.start();
  await middle;
  await first.close();
  t.like(await first.find('acme', proposal.id), { state: 'waiting' });
  t.deepEqual(readdirSync(made.directory), [], 'nothing half is left');
  const second = made.open();
  second.start();
  t.like(await ended(second, proposal.id), { state: 'done', records: 1_400, attempts: 2 });
});

test('a process that died is taken over once its lease has run out, and its leftovers go', async (t) => {
  const made = await scene(t, 2);
  const proposal = approved();
  const dead = made.open();
  await dead.enqueue(proposal);
  await made.database.query(
    `update cordon.exports set owner = 'dead', attempts = 1, leased_ms = ${Date.now() + 1_000}`,
  );
  const next = made.open();
  next.start();
  await sleep(100);
  t.like(await next.find('acme', proposal.id), { state: 'waiting', attempts: 1 });
  await made.database.query('update cordon.exports set leased_ms = 0');
  mkdirSync(made.directory, { recursive: true });
  writeFileSync(path.join(made.directory, `${proposal.id}.p7m.1.part`), 'half');
  t.like(await ended(next, proposal.id), { state: 'done', attempts: 2 });
  t.deepEqual(readdirSync(made.directory), [`${proposal.id}.p7m`]);
});

test('a file whose time is up is deleted, and says so', async (t) => {
  const made = await scene(t, 1);
  const exports = made.open({ keepMs: -1 });
  const proposal = approved();
  await exports.enqueue(proposal);
  exports.start();
  await ended(exports, proposal.id);
  const later = made.open();
  later.start();
  while ((await later.find('acme', proposal.id))?.state !== 'deleted') await sleep(20);
  t.deepEqual(readdirSync(made.directory), []);
  await t.throwsAsync(later.download(requester, proposal.id), { code: 'conflict', message: /deleted/ });
});

test('a ledger that was changed fails the export for good, and names the place', async (t) => {
  const made = await scene(t, 3);
  await asSuperuser(made.database, `update cordon.records set leaf = sha256('x') where type = 'DECISION'`);
  const exports = made.open();
  const proposal = approved();
  await exports.enqueue(proposal);
  exports.start();
  const { state, problem } = await ended(exports, proposal.id);
  t.is(state, 'failed');
  t.regex(problem ?? '', /record 2 of chain/);
  t.is(made.notes.length, 0);
});

test('an outage is waited out, and a fault that stays ends it', async (t) => {
  const made = await scene(t, 1);
  const failures: string[] = [];
  const deps = { bundle: { ...made.deps, policyFiles: () => Promise.reject(new TypeError('no')) } };
  const exports = made.open({ ...deps, onFailure: (error) => failures.push(error) });
  const proposal = approved();
  await exports.enqueue(proposal);
  exports.start();
  while (failures.length === 0) await sleep(20);
  t.like(await exports.find('acme', proposal.id), { state: 'waiting', attempts: 1 });
  await made.database.query('update cordon.exports set leased_ms = 0, attempts = 4');
  t.like(await ended(exports, proposal.id), { state: 'failed', problem: 'it failed 5 times (TypeError)' });
});

test('a row that Cordon did not seal exports nothing, nor one moved to another number', async (t) => {
  const made = await scene(t, 1);
  const exports = made.open();
  const proposal = approved();
  await exports.enqueue(proposal);
  const other = newId();
  await made.database.query(
    `insert into cordon.exports (id, tenant, created_ms, dek, sealed)
     select '${other}', tenant, created_ms, dek, sealed from cordon.exports where id = '${proposal.id}'`,
  );
  exports.start();
  t.is((await ended(exports, proposal.id)).state, 'done');
  t.like(await ended(exports, other), { state: 'failed', problem: 'the request was not written by Cordon' });
});

test('what cannot be exported is refused when it is asked for, and again when it is approved', async (t) => {
  const exports = (await scene(t, 1)).open();
  t.deepEqual(exports.request(requester, BODY), { ...BODY });
  t.throws(() => exports.request(requester, { ...BODY, query: { tenant: 'globex' } }), {
    code: 'invalid_request',
  });
  await t.throwsAsync(exports.enqueue(approved({ body: { ...BODY, certificates: 'x' } })), {
    code: 'invalid_request',
  });
  await t.throwsAsync(exports.enqueue(approved({ decider: undefined })), { code: 'conflict' });
});

test('a file that is not what was made is not given out', async (t) => {
  const made = await scene(t, 1);
  const exports = made.open();
  const proposal = approved();
  await exports.enqueue(proposal);
  exports.start();
  await ended(exports, proposal.id);
  const file = path.join(made.directory, `${proposal.id}.p7m`);
  writeFileSync(file, readFileSync(file).subarray(1));
  await t.throwsAsync(exports.download(requester, proposal.id), { code: 'not_found' });
});
