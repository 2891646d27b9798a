import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import pg from 'pg';
import { wrapContext } from '../../src/crypto/deks.ts';
import { openKeyringFile } from '../../src/crypto/keyring-file.ts';
import { attachEmbeddedPostgres } from '../../src/store/embedded-attach.ts';
import { postChat, temporaryDirectory, userMessage } from '../support/cordon.ts';
import { owner } from '../support/keys.ts';
import { ENGLISH_PROMPT, PLANTED } from '../support/planted.ts';
import { type CordonProcess, runCli, startProcess } from '../support/process.ts';

const directory = temporaryDirectory();
const data = path.join(directory, 'data');
const env = { CORDON_DATA_DIR: data, CORDON_PORT: '0', CORDON_ADMIN_PORT: '0' };
const MANY = 5_000;
let cordon: CordonProcess;

interface Listed {
  readonly keks: readonly {
    readonly id: string;
    readonly state: string;
    readonly living: number;
    readonly erased: number;
  }[];
  readonly horizon: { readonly pending: number; readonly complete: number };
}

test.before(async () => {
  cordon = await startProcess(env);
});

test.after.always(async () => {
  await cordon.kill('SIGTERM');
  rmSync(directory, { recursive: true, force: true });
});

async function query(sql: string, values: readonly unknown[] = []) {
  const server = await attachEmbeddedPostgres(data);
  const client = new pg.Client({ connectionString: server?.url('superuser').reveal() });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

async function call(subject: string): Promise<string> {
  const token = await runCli(['dev', 'token', '--subject', subject], env);
  const response = await postChat(cordon, token.stdout.trim(), userMessage(ENGLISH_PROMPT));
  await response.text();
  if (response.status !== 200) throw new Error(String(response.status));
  return response.headers.get('cordon-request-id') ?? '';
}

async function list(): Promise<Listed> {
  const listed = await runCli(['keys', 'list', '--json'], env);
  if (listed.code !== 0) throw new Error(listed.stderr);
  return JSON.parse(listed.stdout) as Listed;
}

async function originalsOf(id: string): Promise<string> {
  const shown = await runCli(['audit', 'show', id, '--json'], env);
  if (shown.code !== 0) throw new Error(shown.stderr);
  return JSON.stringify((JSON.parse(shown.stdout) as { originals?: unknown }).originals ?? null);
}

/** As a year of data subjects leaves them. */
async function addMany(count: number): Promise<void> {
  const keyring = await openKeyringFile(path.join(data, 'keyring.json'));
  const ids: string[] = [];
  const tenants: string[] = [];
  const wraps: Buffer[] = [];
  let kek = '';
  for (let n = 0; n < count; n++) {
    const dek = { id: randomUUID(), owner: owner('subject', `many-${n}`) };
    const wrapped = await keyring.wrap(randomBytes(32), wrapContext(dek));
    ids.push(dek.id);
    tenants.push(dek.owner.tenant);
    wraps.push(wrapped.bytes);
    ({ kek } = wrapped);
  }
  await query(
    `insert into cordon.deks (id, kind, tenant, reference, period, generation, kek, wrapped)
     select id, 'subject', tenant, $4, '2026-11-01', 1, $5, wrapped
     from unnest($1::uuid[], $2::text[], $3::bytea[]) as n (id, tenant, wrapped)`,
    [ids, tenants, wraps, owner('subject').reference, kek],
  );
}

/** Starts a re-wrapping and kills it as soon as it says that it got somewhere. */
async function killWhileRewrapping(): Promise<void> {
  const child = spawn(process.execPath, [path.resolve('bin/cordon.js'), 'keys', 'rewrap'], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.once('data', () => child.kill('SIGKILL'));
  await new Promise((resolve) => child.once('close', resolve));
}

test.serial(
  'keys are rotated under a running proxy, and an erasure reaches the backups when one is destroyed',
  async (t) => {
    // Some twenty commands, each a process of its own.
    t.timeout(600_000);
    const [kept, erased] = [await call('kept'), await call('erased')];
    t.regex(await originalsOf(erased), new RegExp(PLANTED.email));
    const [first] = (await list()).keks;
    t.like(first, { state: 'current' });
    const old = first?.id ?? '';
    await query('create table backup as select * from cordon.deks');

    t.is((await runCli(['keys', 'retire', old], env)).code, 1, 'the current one');
    await addMany(MANY);
    const rotated = await runCli(['keys', 'rotate'], env);
    t.is(rotated.code, 0, rotated.stderr);
    const during = await call('during');
    const refused = await runCli(['keys', 'retire', old], env);
    t.is(refused.code, 1);
    t.regex(refused.stderr, /still wraps \d+ data key/);

    const findings = `select dek.value ->> 'dek' as dek from cordon.records,
    lateral jsonb_array_elements(header::jsonb -> 'record' -> 'sealed') as dek
    where request_id = $1 and type = 'DECISION' and dek.value ->> 'field' = 'findings'`;
    const [key] = await query(findings, [erased]);
    await query('update cordon.deks set wrapped = null where id = $1', [key?.['dek']]);
    t.like((await list()).horizon, { pending: 1, complete: 0 });

    await killWhileRewrapping();
    const halfway = (await list()).keks.find(({ id }) => id === old)?.living ?? 0;
    t.true(halfway > 0 && halfway <= MANY, `${halfway} left when it was killed`);
    const rewrapped = await runCli(['keys', 'rewrap'], env);
    t.is(rewrapped.code, 0, rewrapped.stderr);
    t.regex(rewrapped.stdout, new RegExp(`^${halfway} data key`));
    t.regex(rewrapped.stderr, /\d+ of \d+ data keys/);
    const retired = await runCli(['keys', 'retire', old], env);
    t.is(retired.code, 0, retired.stderr);
    t.is((await runCli(['keys', 'retire', old], env)).code, 1, 'it is gone');
    t.like((await list()).horizon, { pending: 0, complete: 1 });

    for (const id of [kept, during, await call('after')])
      t.regex(await originalsOf(id), new RegExp(PLANTED.email), id);
    t.notRegex(await originalsOf(erased), new RegExp(PLANTED.email));

    // A backup from before, restored by somebody who may do anything with the database.
    await query(
      `alter table cordon.deks disable trigger check_wrap;
     update cordon.deks d set wrapped = b.wrapped, kek = b.kek from backup b where b.id = d.id and d.wrapped is null;
     alter table cordon.deks enable always trigger check_wrap`,
    );
    const [restored] = await query('select wrapped is not null as there from cordon.deks where id = $1', [
      key?.['dek'],
    ]);
    t.true(restored?.['there']);
    t.notRegex(await originalsOf(erased), new RegExp(PLANTED.email), 'the backup does not bring it back');

    const listed = await runCli(['audit', 'list', '--json', '--limit', '1000'], env);
    const types = (JSON.parse(listed.stdout) as { type: string }[]).map(({ type }) => type);
    t.true(types.filter((type) => type === 'KEY_ROTATED').length >= 3);
    t.is(types.filter((type) => type === 'KEY_DESTROYED').length, 1);
    const verified = await runCli(['audit', 'verify', '--no-decrypt'], env);
    t.is(verified.code, 0, verified.stderr);
    t.deepEqual(
      readdirSync(data).filter((name) => name.startsWith('keyring')),
      ['keyring.json'],
    );
  },
);

test.serial('what is listed for people names the keys, the horizon and what to do', async (t) => {
  const { stdout, code } = await runCli(['keys', 'list'], env);
  t.is(code, 0);
  t.regex(stdout, /kek-[0-9a-f]{16} +current +wraps \d+ \(oldest of 2026-1\d\)/);
  t.regex(stdout, /destroyed 20\d\d-\d\d-\d\d/);
  t.regex(stdout, /Erased data keys: \d beyond recovery, \d that a backup/);
  t.notRegex(stdout, /OVERDUE/);
  const config = path.join(directory, 'unknown.yaml');
  writeFileSync(config, 'keys: { provider: vault }\n');
  const checked = await runCli(['config', 'check'], { ...env, CORDON_CONFIG: config });
  t.is(checked.code, 2);
  t.regex(checked.stderr + checked.stdout, /keys\.vault: must be set/);
});
