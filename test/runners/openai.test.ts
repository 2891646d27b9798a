import { createServer } from 'node:net';
import test from 'ava';
import { type CordonError } from '../../src/domain/errors.ts';
import { type Runner } from '../../src/domain/runner.ts';
import { Secret } from '../../src/domain/secret.ts';
import { createOpenaiRunner } from '../../src/runners/openai.ts';
import { createRoutes } from '../../src/runners/route.ts';
import { type AddressInfo } from 'node:net';
import { sendJson, startStream, startUpstream, chunk } from '../support/upstream.ts';

function runnerAt(
  baseUrl: string,
  options: { idleTimeoutMs?: number; responseTimeoutMs?: number; apiKey?: Secret } = {},
): Runner {
  return createOpenaiRunner({
    destination: { runner: 'r', trust: 'external', region: 'eu' },
    baseUrl,
    models: ['*'],
    speaks: ['openai'],
    apiKey: options.apiKey,
    connectTimeoutMs: 1_000,
    responseTimeoutMs: options.responseTimeoutMs ?? 5_000,
    idleTimeoutMs: options.idleTimeoutMs ?? 5_000,
    connections: 4,
  });
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const part of body) chunks.push(part);
  return Buffer.concat(chunks).toString();
}

const REQUEST = { path: '/chat/completions', method: 'POST', body: '{"a":1}', requestId: 'id-1' } as const;
const never = new AbortController().signal;

test('the body is sent as it is, with our own credential', async (t) => {
  const upstream = await startUpstream((_, response) => {
    sendJson(response, { ok: true });
  });
  const runner = runnerAt(upstream.url, { apiKey: new Secret('sk-ours') });
  const response = await runner.send(REQUEST, never);
  t.is(response.status, 200);
  t.is(response.contentType, 'application/json');
  t.is(await readAll(response.body), '{"ok":true}');
  t.is(upstream.received[0]?.path, '/v1/chat/completions');
  t.is(upstream.received[0]?.body, '{"a":1}');
  t.is(upstream.received[0]?.headers.authorization, 'Bearer sk-ours');
  await runner.close();
  await upstream.close();
});

test('a redirect is not followed: the protected body goes where policy said and nowhere else', async (t) => {
  const other = await startUpstream();
  const upstream = await startUpstream((_, response) => {
    response.writeHead(307, { location: `${other.url}/chat/completions` });
    response.end();
  });
  const response = await runnerAt(upstream.url).send(REQUEST, never);
  t.is(response.status, 307);
  t.is(other.received.length, 0);
  await Promise.all([upstream.close(), other.close()]);
});

test('a runner that is not there, hangs, stalls or breaks off has its own code', async (t) => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const unavailable = await t.throwsAsync<CordonError>(
    runnerAt(`http://127.0.0.1:${port}/v1`).send(REQUEST, never),
  );
  t.is(unavailable.code, 'upstream_unavailable');

  const upstream = await startUpstream(() => undefined);
  const silent = await t.throwsAsync<CordonError>(
    runnerAt(upstream.url, { responseTimeoutMs: 100 }).send(REQUEST, never),
  );
  t.is(silent.code, 'upstream_timeout');

  upstream.respond((_, response) => {
    startStream(response);
    response.write(chunk({ content: 'a' }));
  });
  const stalled = await runnerAt(upstream.url, { idleTimeoutMs: 100 }).send(REQUEST, never);
  t.is((await t.throwsAsync<CordonError>(readAll(stalled.body))).code, 'upstream_timeout');

  upstream.respond((_, response) => {
    startStream(response);
    response.write(chunk({ content: 'a' }), () => response.destroy());
  });
  const broken = await runnerAt(upstream.url).send(REQUEST, never);
  t.is((await t.throwsAsync<CordonError>(readAll(broken.body))).code, 'upstream_error');
  await upstream.close();
});

test('an abort reaches the runner', async (t) => {
  const controller = new AbortController();
  const upstream = await startUpstream((_, response) => {
    startStream(response);
    response.write(chunk({ content: 'a' }));
  });
  const response = await runnerAt(upstream.url).send(REQUEST, controller.signal);
  const reading = readAll(response.body);
  controller.abort();
  t.is((await t.throwsAsync<CordonError>(reading)).code, 'client_closed_request');
  for (let i = 0; i < 100 && upstream.aborted() === 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  t.is(upstream.aborted(), 1);
  await upstream.close();
});

test('models are routed by glob, in the order of the configuration', (t) => {
  const runner = (id: string, models: readonly string[]): Runner => ({
    ...runnerAt('http://127.0.0.1:1/v1'),
    models,
    destination: { runner: id, trust: 'external', region: 'eu' },
  });
  const runners = [runner('a', ['gpt-*', 'exact']), runner('b', ['*'])];
  const routes = createRoutes(runners, [], () => 0);
  const ask = (model: string): readonly string[] =>
    routes.plan(model).map((candidate) => candidate.runner.destination.runner);
  t.deepEqual(ask('gpt-5'), ['a'], 'nothing falls back that was not told to');
  t.deepEqual(ask('exact'), ['a']);
  t.deepEqual(ask('exactly'), ['b']);
  t.deepEqual(createRoutes(runners.slice(0, 1), [], () => 0).plan('claude'), []);
});

test('a reader that stops at the terminator leaves the connection usable for the next call', async (t) => {
  const upstream = await startUpstream((_, response) => {
    startStream(response);
    response.write(chunk({ content: 'a' }));
    response.end('data: [DONE]\n\n');
  });
  const runner = runnerAt(upstream.url);
  for (let i = 0; i < 5; i++) {
    const response = await runner.send(REQUEST, never);
    for await (const part of response.body) if (part.byteLength > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  t.is(upstream.opened(), 1);
  await runner.close();
  await upstream.close();
});

test('a body that is given up closes its connection', async (t) => {
  const upstream = await startUpstream((_, response) => {
    startStream(response);
    response.write(chunk({ content: 'a' }));
  });
  const response = await runnerAt(upstream.url).send(REQUEST, never);
  response.discard();
  for (let i = 0; i < 100 && upstream.aborted() === 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  t.is(upstream.aborted(), 1);
  await upstream.close();
});
