import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import pg from 'pg';
import {
  type ErrorBody,
  type TestCordon,
  errorOf,
  postChat,
  startTestCordon,
  userMessage,
} from '../support/cordon.ts';
import { PLANTED } from '../support/planted.ts';
import { childrenOf } from '../support/process.ts';
import {
  type CapturingUpstream,
  chunk,
  echoHandler,
  startStream,
  startUpstream,
} from '../support/upstream.ts';

const PROMPT = `write to ${PLANTED.email}`;

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;

test.before(async () => {
  upstream = await startUpstream();
  cordon = await startTestCordon({ runnerUrl: upstream.url });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

/** Process ids of the server's backends that serve Cordon. */
async function backends(): Promise<readonly number[]> {
  const state = JSON.parse(readFileSync(path.join(cordon.dataDirectory, 'postgres.json'), 'utf8')) as {
    readonly port: number;
    readonly passwords: Readonly<Record<string, string>>;
  };
  const client = new pg.Client({
    host: '127.0.0.1',
    port: state.port,
    user: 'postgres',
    password: state.passwords['postgres'],
    database: 'cordon',
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      "select pid from pg_stat_activity where datname = 'cordon' and pid <> pg_backend_pid()",
    );
    return rows.map(({ pid }) => pid);
  } finally {
    await client.end();
  }
}

test.serial(
  'a database that hangs: 503 and nothing forwarded; once it goes on, calls work again',
  async (t) => {
    t.is((await postChat(cordon, token, userMessage(PROMPT))).status, 200);
    const forwarded = upstream.received.length;
    const pids = await backends();
    t.true(pids.length > 0);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      for (const stream of [false, true]) {
        const response = await postChat(cordon, token, userMessage(PROMPT, { stream }));
        t.is(response.status, 503);
        t.is(response.headers.get('retry-after'), '1');
        t.is((await errorOf(response)).code, 'audit_unavailable');
      }
      t.is(upstream.received.length, forwarded);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
    let response = await postChat(cordon, token, userMessage(PROMPT));
    for (let i = 0; i < 200 && response.status !== 200; i++) {
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, 50));
      response = await postChat(cordon, token, userMessage(PROMPT));
    }
    t.is(response.status, 200);
    t.true((await response.text()).includes(PLANTED.email));
  },
);

test.serial(
  'a database that dies for good mid-stream: an error event in place of the terminator',
  async (t) => {
    let goOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    upstream.respond(async (_, response) => {
      startStream(response);
      response.write(chunk({ content: 'first ' }));
      await gate;
      response.write(chunk({ content: 'second' }, 'stop'));
      response.end('data: [DONE]\n\n');
    });
    const response = await postChat(cordon, token, userMessage(PROMPT, { stream: true }));
    t.is(response.status, 200);
    const data = path.join(cordon.dataDirectory, 'postgres');
    const pid = Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    // Without its folder the server cannot be started again.
    renameSync(data, `${data}.gone`);
    const sessions = childrenOf(pid);
    process.kill(pid, 'SIGKILL');
    // A session outlives its server for a moment, in which it could still commit.
    for (const session of sessions) process.kill(session, 'SIGKILL');
    goOn();
    const events = (await response.text()).split('\n\n').filter(Boolean);
    t.true(events.some((event) => event.includes('second')));
    t.false(events.includes('data: [DONE]'));
    const last = JSON.parse((events.at(-1) ?? '').replace(/^data: /, '')) as ErrorBody;
    t.is(last.error.code, 'audit_unavailable');
    t.is(last.error.request_id, response.headers.get('cordon-request-id') ?? '');
  },
);

test.serial('a database that is gone: 503, nothing forwarded, and not ready', async (t) => {
  upstream.respond(echoHandler);
  const forwarded = upstream.received.length;
  for (const stream of [false, true]) {
    const response = await postChat(cordon, token, userMessage(PROMPT, { stream }));
    t.is(response.status, 503);
    t.is((await errorOf(response)).code, 'audit_unavailable');
  }
  const models = await fetch(`${cordon.url}/v1/models`, { headers: { authorization: `Bearer ${token}` } });
  t.is(models.status, 503);
  t.is((await errorOf(models)).code, 'audit_unavailable');
  t.is(upstream.received.length, forwarded);
  const ready = await fetch(`${cordon.url}/readyz`);
  t.is(ready.status, 503);
  t.deepEqual(await ready.json(), {
    status: 'not_ready',
    checks: { database: false, model: true, policy: true },
    runners: { default: 'closed' },
  });
  t.is((await fetch(`${cordon.url}/healthz`)).status, 200);
});
