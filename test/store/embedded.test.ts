import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import pg from 'pg';
import {
  startEmbeddedPostgres,
  type EmbeddedEvent,
  type EmbeddedPostgres,
} from '../../src/store/embedded.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { findBinaries } from '../../src/store/embedded-cluster.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createLedgerParts, decision } from '../support/ledger.ts';
import { MIGRATIONS } from '../support/postgres.ts';

async function start(
  t: ExecutionContext,
  directory: string,
  events: EmbeddedEvent[] = [],
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ directory, log: (event) => events.push(event) });
  t.teardown(() => server.stop());
  return server;
}

async function newDirectory(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cordon-embedded-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function ask(server: EmbeddedPostgres, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: server.url('superuser').reveal() });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

test.serial('a second start finds the data of the first, below a directory closed to others', async (t) => {
  const directory = await newDirectory(t);
  const first = await start(t, directory);
  await ask(first, 'create table kept (n int)');
  t.is(await ask(first, 'show fsync'), 'on');
  t.is(await ask(first, 'show data_checksums'), 'on');
  t.is(await ask(first, 'show log_min_error_statement'), 'panic');
  await first.stop();
  const events: EmbeddedEvent[] = [];
  const second = await start(t, directory, events);
  t.is(await ask(second, 'select count(*)::int from kept'), 0);
  t.deepEqual(
    events.map((event) => event.event),
    ['postgres_started'],
  );
  const { mode } = await stat(join(directory, 'postgres.json'));
  t.is(mode & 0o777, 0o600);
});

test.serial('a wrong password is refused', async (t) => {
  const server = await start(t, await newDirectory(t));
  const url = new URL(server.url('superuser').reveal());
  url.password = 'wrong';
  const client = new pg.Client({ connectionString: url.href });
  client.on('error', () => undefined);
  await t.throwsAsync(client.connect(), { message: /password authentication failed/ });
});

test.serial('a second Cordon on the same directory is told so', async (t) => {
  const directory = await newDirectory(t);
  await start(t, directory);
  await t.throwsAsync(startEmbeddedPostgres({ directory, log: () => undefined }), {
    message: /another Cordon/,
  });
});

test.serial('a server that dies is started again, with its data', async (t) => {
  const events: EmbeddedEvent[] = [];
  const server = await start(t, await newDirectory(t), events);
  await ask(server, 'create table kept (n int)');
  const before = server.pid;
  process.kill(before, 'SIGKILL');
  while (events.filter((event) => event.event === 'postgres_started').length < 2) await sleep(20);
  t.not(server.pid, before);
  t.is(await ask(server, 'select count(*)::int from kept'), 0);
});

test.serial('a server that outlived our kill -9 is adopted and can be stopped', async (t) => {
  const directory = await newDirectory(t);
  const script = fileURLToPath(new URL('../support/hold-postgres.js', import.meta.url));
  const holder = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = Number(await new Promise<Buffer>((resolve) => holder.stdout.once('data', resolve)));
  holder.kill('SIGKILL');
  await new Promise((resolve) => holder.once('exit', resolve));
  const events: EmbeddedEvent[] = [];
  const server = await start(t, directory, events);
  t.is(server.pid, pid);
  t.is(events[0]?.event, 'postgres_adopted');
  t.is(await ask(server, 'select 1'), 1);
  await server.stop();
  t.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test.serial('a pid file whose number belongs to another program does not stop a start', async (t) => {
  const directory = await newDirectory(t);
  const first = await start(t, directory);
  const pidFile = join(directory, 'postgres', 'postmaster.pid');
  const content = await readFile(pidFile, 'utf8');
  await first.stop();
  await writeFile(pidFile, content.replace(/^\d+/, String(process.pid)));
  const second = await start(t, directory);
  t.is(await ask(second, 'select 1'), 1);
});

test.serial('a cluster whose passwords are lost is refused with the reason', async (t) => {
  const directory = await newDirectory(t);
  const first = await start(t, directory);
  await first.stop();
  await rm(join(directory, 'postgres.json'));
  await chmod(directory, 0o755);
  await t.throwsAsync(startEmbeddedPostgres({ directory, log: () => undefined }), {
    message: /postgres\.json is missing/,
  });
});

test.serial('an ordinary login that may create roles can migrate, and serve through one URL', async (t) => {
  const server = await start(t, await newDirectory(t));
  // As on a PostgreSQL that never saw Cordon.
  await ask(server, 'drop role cordon_writer, cordon_reader');
  await ask(server, "create role app login createrole password 'app'");
  await ask(server, 'create database app owner app');
  const url = new URL(server.url('superuser', 'app').reveal());
  url.username = 'app';
  url.password = 'app';
  await migrate({ url: url.href, directory: MIGRATIONS });
  const parts = await createLedgerParts(t, () => url.href);
  const ledger = parts.create();
  await ledger.start();
  await ledger.begin(decision());
  await ledger.close();
  const { problems, records } = await verifyLedger({ source: parts.source, deks: parts.deks });
  t.deepEqual(problems, []);
  t.is(records, 3);
});

test('a platform without binaries is told to bring its own database', async (t) => {
  await t.throwsAsync(findBinaries('plan9', 'x64'), { message: /DATABASE_URL/ });
  await t.throwsAsync(findBinaries('win32', 'x64'), { message: /DATABASE_URL/ });
});
