import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import {
  errorOf,
  postChat,
  startTestCordon,
  temporaryDirectory,
  userMessage,
  type TestCordon,
} from '../support/cordon.ts';
import { createCertificate } from '../support/certificate.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, plantedIn } from '../support/planted.ts';
import { runCli } from '../support/process.ts';
import { type CapturingUpstream, startUpstream } from '../support/upstream.ts';

const directory = temporaryDirectory();
const file = (name: string): string => path.join(directory, name);
const TOKEN = 'test-token-for-the-model-server';
const PROMPTS = [ENGLISH_PROMPT, CHINESE_PROMPT, 'dear John Smith, Anna Müller moved from Berlin to Paris.'];
let port = 0;

/** `cordon serve-model` with TLS, in a process of its own. */
async function serveModel(): Promise<{ readonly child: ChildProcess; readonly output: () => string }> {
  const env = {
    PATH: process.env['PATH'],
    CORDON_CONFIG: file('server.yaml'),
    CORDON_MODEL_SERVER_PORT: String(port),
  };
  const child = spawn(process.execPath, [path.resolve('bin/cordon.js'), 'serve-model'], {
    env: { ...env, MODEL_TOKEN: TOKEN },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /served at (https:\/\/\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => {
      reject(new Error(output));
    });
  });
  port = Number(new URL(url).port);
  return { child, output: () => output };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return ended;
}

let server: Awaited<ReturnType<typeof serveModel>>;
let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;

test.before(async () => {
  const { cert, key } = createCertificate();
  writeFileSync(file('cert.pem'), cert);
  writeFileSync(file('key.pem'), key);
  const tls = `tls_cert_file: cert.pem, tls_key_file: key.pem`;
  writeFileSync(
    file('server.yaml'),
    `environment: production\nlog: { level: debug }\ndetection: { provider: cpu }\nmodel_server: { port: 0, token_env: MODEL_TOKEN, ${tls} }\n`,
  );
  server = await serveModel();
  writeFileSync(file('token'), `${TOKEN}\n`);
  writeFileSync(
    file('proxy.yaml'),
    `detection: { timeout_ms: 5000, remote: { url: 'https://localhost:${port}', token_file: token, ca_file: cert.pem } }\n`,
  );
  upstream = await startUpstream();
  cordon = await startTestCordon({ runnerUrl: upstream.url, env: { CORDON_CONFIG: file('proxy.yaml') } });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
  if (server.child.exitCode === null) await end(server.child, 'SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

test.serial('a proxy in front of serve-model protects like one with the model inside', async (t) => {
  const local = await startTestCordon({ runnerUrl: upstream.url });
  const localToken = await local.issueDevToken({ subject: 'alice', tenant: 'acme' });
  for (const prompt of PROMPTS) {
    upstream.received.length = 0;
    t.is((await postChat(local, localToken, userMessage(prompt))).status, 200);
    t.is((await postChat(cordon, token, userMessage(prompt))).status, 200);
    const [inside, outside] = upstream.received.map(({ body }) => body);
    t.is(outside, inside);
    t.deepEqual(plantedIn(upstream.bytes()), []);
    t.notRegex(upstream.bytes(), /John|Müller/);
  }
  await local.dispose();
  t.regex(
    cordon.logs(),
    /"event":"model_loaded","model":"ner:cordon-fast@[\w.-]+","provider":"remote".*"tokensPerSecond":\d{2,}/,
  );
});

test.serial('the server is killed: 503, not ready and nothing forwarded; it is back: served', async (t) => {
  await end(server.child, 'SIGKILL');
  upstream.received.length = 0;
  const refused = await postChat(cordon, token, userMessage(`again, ${ENGLISH_PROMPT}`));
  t.is(refused.status, 503);
  t.is((await errorOf(refused)).code, 'detector_unavailable');
  t.is((await fetch(`${cordon.url}/readyz`)).status, 503);
  t.is(upstream.received.length, 0);
  server = await serveModel();
  t.is((await fetch(`${cordon.url}/readyz`)).status, 200);
  t.is((await postChat(cordon, token, userMessage(`again, ${ENGLISH_PROMPT}`))).status, 200);
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

test.serial('the server hangs: 503 within the deadline', async (t) => {
  server.child.kill('SIGSTOP');
  upstream.received.length = 0;
  const refused = await postChat(cordon, token, userMessage(`once more, ${ENGLISH_PROMPT}`));
  t.is(refused.status, 503);
  t.is(upstream.received.length, 0);
  server.child.kill('SIGCONT');
  for (let tries = 0; tries < 50; tries++) {
    if ((await fetch(`${cordon.url}/readyz`)).status === 200) break;
    await sleep(100);
  }
  t.is((await postChat(cordon, token, userMessage(`once more, ${ENGLISH_PROMPT}`))).status, 200);
});

test.serial('its log has no text, its metrics are counted, and it stops in order', async (t) => {
  const metrics = await new Promise<string>((resolve, reject) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    get(`https://localhost:${port}/metrics`, { ca: readFileSync(file('cert.pem')), headers }, (response) => {
      text(response).then(resolve, reject);
    }).once('error', reject);
  });
  t.regex(metrics, /cordon_inferences_total\{status="200"\} [1-9]/);
  t.is(await end(server.child, 'SIGTERM'), 0);
  const log = server.output();
  t.regex(log, /"event":"inference","status":200,"rows":[1-9]/);
  t.regex(log, /"event":"stopped"/);
  t.deepEqual(plantedIn(log), []);
  t.notRegex(log, new RegExp(TOKEN));
});

test.serial('a proxy starts while the model server is away, and is not ready until it answers', async (t) => {
  const waiting = await startTestCordon({
    runnerUrl: upstream.url,
    env: { CORDON_CONFIG: file('proxy.yaml') },
  });
  t.regex(waiting.logs(), /"event":"model_unreachable"/);
  t.is((await fetch(`${waiting.url}/readyz`)).status, 503);
  server = await serveModel();
  t.is((await fetch(`${waiting.url}/readyz`)).status, 200);
  await waiting.dispose();
});

test.serial('on an address that others reach it starts only with a token and TLS', async (t) => {
  const bare = { CORDON_MODEL_SERVER_HOST: '0.0.0.0', CORDON_MODEL_SERVER_PORT: '0' };
  const nothing = await runCli(['serve-model'], bare);
  t.is(nothing.code, 2);
  t.regex(nothing.stderr, /needs a token/);
  t.regex(nothing.stderr, /needs tls_cert_file/);
  const clear = await runCli(['serve-model'], { ...bare, CORDON_MODEL_SERVER_TOKEN: TOKEN });
  t.is(clear.code, 2);
  t.notRegex(clear.stderr, /needs a token/);
  t.notRegex(clear.stderr, new RegExp(TOKEN));
});
