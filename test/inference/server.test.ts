import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import fc from 'fast-check';
import { Secret } from '../../src/domain/secret.ts';
import { modelError } from '../../src/detect/ner/model-error.ts';
import { createInferenceServer } from '../../src/inference/server.ts';
import { BIO, hfFiles, manifestFor, randomScore, writeFolder } from '../support/ner-folder.ts';
import { serveFolder, serveHandler, type TestModelServer } from '../support/model-server.ts';

let server: TestModelServer;
const INFER = '/v2/models/test-model/versions/1.2/infer';

test.before(async () => {
  const files = hfFiles(BIO, { dilations: [1, 2], score: randomScore(5) });
  const directory = await writeFolder({ ...files, 'MANIFEST.json': manifestFor(files) });
  server = await serveFolder(directory, { maxUnits: 4_096 });
});

test.after.always(() => server.close());

interface Reply {
  readonly status: number;
  readonly body: {
    readonly error?: string;
    readonly id?: string;
    readonly model_version?: string;
    readonly outputs?: readonly { readonly shape: readonly number[]; readonly data: readonly number[] }[];
  };
}

async function post(
  body: unknown,
  path = INFER,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Reply['body'] };
}

/** A request as curl would send it. */
function question(rows: readonly (readonly number[])[], extra: object = {}): object {
  const units = Math.max(...rows.map((row) => row.length));
  const pad = (row: readonly number[], value: (id: number) => number): number[] =>
    Array.from({ length: units }, (_, i) => (i < row.length ? value(row[i] ?? 0) : 0));
  const tensor = (name: string, value: (id: number) => number): object => ({
    name,
    shape: [rows.length, units],
    datatype: 'INT64',
    data: rows.map((row) => pad(row, value)),
  });
  return { inputs: [tensor('input_ids', (id) => id), tensor('attention_mask', () => 1)], ...extra };
}

test('health, metadata and readiness are as the protocol says', async (t) => {
  const get = async (path: string): Promise<unknown[]> => {
    const response = await fetch(server.url + path);
    return [response.status, await response.json()];
  };
  t.deepEqual(await get('/v2/health/live'), [200, { live: true }]);
  t.deepEqual(await get('/v2/health/ready'), [200, { name: 'test-model', ready: true }]);
  t.deepEqual(await get('/v2/models/test-model/ready'), [200, { name: 'test-model', ready: true }]);
  const [status, metadata] = await get('/v2/models/test-model');
  t.is(status, 200);
  t.like(metadata, {
    name: 'test-model',
    versions: ['1.2'],
    inputs: [
      { name: 'input_ids', datatype: 'INT64', shape: [-1, -1] },
      { name: 'attention_mask', datatype: 'INT64', shape: [-1, -1] },
    ],
    outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, -1, BIO.length] }],
    parameters: { sha256: server.model.metadata.sha256 },
  });
  t.like((await get('/v2'))[1], { extensions: ['binary_tensor_data'] });
});

test('each row of a request is answered as if it were alone, in whatever company', async (t) => {
  const row = fc.array(fc.integer({ min: 0, max: 19 }), { minLength: 1, maxLength: 40 });
  const alone = async (ids: readonly number[]): Promise<readonly number[]> => {
    const { status, body } = await post(question([ids]));
    t.is(status, 200);
    return body.outputs?.[0]?.data ?? [];
  };
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
      const [together, ...single] = await Promise.all([post(question(rows)), ...rows.map(alone)]);
      const [output] = together.body.outputs ?? [];
      const units = Math.max(...rows.map((ids) => ids.length));
      t.deepEqual(output?.shape, [rows.length, units, BIO.length]);
      rows.forEach((ids, i) => {
        const from = i * units * BIO.length;
        const own = output?.data.slice(from, from + ids.length * BIO.length) ?? [];
        const isSame = own.every((value, k) => Math.abs(value - (single[i]?.[k] ?? NaN)) < 1e-4);
        t.true(isSame && own.length === single[i]?.length);
      });
    }),
    { numRuns: 15 },
  );
});

test('an id is given back, the output may be named, and no version may be asked for', async (t) => {
  const asked = { id: '42', outputs: [{ name: 'logits' }] };
  const { status, body } = await post(question([[4, 5]], asked), '/v2/models/test-model/infer');
  t.is(status, 200);
  t.is(body.id, '42');
  t.is(body.model_version, '1.2');
});

test('what the model does not read is refused and says why, without quoting it', async (t) => {
  const whole = question([[4, 5]]) as { inputs: [Record<string, unknown>, Record<string, unknown>] };
  const [ids, mask] = whole.inputs;
  const bad: unknown[] = [
    'not json SENTINEL',
    '[]',
    {},
    { inputs: [] },
    { inputs: [ids] },
    { inputs: [ids, ids] },
    { inputs: [ids, mask, { ...mask, name: 'SENTINEL' }] },
    { inputs: [{ ...ids, name: 'SENTINEL' }, mask] },
    { inputs: [{ ...ids, datatype: 'INT32' }, mask] },
    { inputs: [{ ...ids, shape: [2, 1] }, mask] },
    { inputs: [{ ...ids, shape: [1, 2, 1] }, mask] },
    { inputs: [ids, { ...mask, data: [0, 1] }] },
    { inputs: [ids, { ...mask, data: [0, 0] }] },
    { inputs: [ids, { ...mask, data: [2, 1] }] },
    { inputs: [{ ...ids, data: [2 ** 40, 1] }, mask] },
    { ...whole, outputs: [{ name: 'SENTINEL' }] },
    question([Array.from({ length: 5_000 }, () => 1)]),
  ];
  for (const body of bad) {
    const reply = await post(body);
    t.is(reply.status, 400, JSON.stringify(body).slice(0, 100));
    t.truthy(reply.body.error);
    t.notRegex(JSON.stringify(reply.body), /SENTINEL/);
  }
  t.is((await post(whole, '/v2/models/other/infer')).status, 404);
  t.is((await post(whole, '/v2/models/test-model/versions/9/infer')).status, 404);
  t.is((await post(whole, '/v2/models/test-model')).status, 405);
  t.is((await post(whole, INFER, { 'content-encoding': 'gzip' })).status, 400);
  t.is((await post(' '.repeat(1024 * 1024 + 1))).status, 413);
  // An id that the model has no row for: the model fails, and reads the next.
  t.is((await post(question([[999]]))).status, 503);
  t.is((await post(whole)).status, 200);
});

test('a body without end is cut off at the limit', async (t) => {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`POST ${INFER} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  const timer = setInterval(() => {
    if (socket.writable) socket.write(`10000\r\n${' '.repeat(0x10000)}\r\n`);
  }, 1);
  await closed;
  clearInterval(timer);
  t.regex(answer, /^HTTP\/1\.1 413 /);
});

test('without the token there is health and nothing else', async (t) => {
  const handler = createInferenceServer({
    model: server.model,
    token: new Secret('right'),
    maxBodyBytes: 1024,
    maxInFlight: 1,
    exposeMetrics: () => Promise.resolve({ contentType: 'text/plain', body: 'metrics' }),
    observe: () => undefined,
  });
  const guarded = await serveHandler(handler.handle);
  const ask = async (path: string, authorization?: string): Promise<number> =>
    (await fetch(guarded.url + path, authorization === undefined ? {} : { headers: { authorization } }))
      .status;
  t.is(await ask('/v2/health/ready'), 200);
  for (const path of [
    '/v2',
    '/v2/models/test-model',
    '/v2/models/test-model/ready',
    '/metrics',
    '/x',
    INFER,
  ]) {
    t.is(await ask(path), 401, path);
    t.is(await ask(path, 'Bearer wrong'), 401);
    t.is(await ask(path, 'right'), 401);
    t.not(await ask(path, 'Bearer right'), 401);
  }
  await guarded.close();
});

test('more at once than allowed, and what comes while stopping, is refused; what is at work ends', async (t) => {
  let finish: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const handler = createInferenceServer({
    model: {
      ...server.model,
      infer: async (tensors, signal) => {
        await held;
        return server.model.infer(tensors, signal);
      },
    },
    token: undefined,
    maxBodyBytes: 10_000,
    maxInFlight: 1,
    exposeMetrics: () => Promise.resolve({ contentType: '', body: '' }),
    observe: () => undefined,
  });
  const busy = await serveHandler(handler.handle);
  const ask = (): Promise<Response> =>
    fetch(busy.url + INFER, { method: 'POST', body: JSON.stringify(question([[4]])) });
  const first = ask();
  await sleep(50);
  const second = await ask();
  t.is(second.status, 503);
  t.is(second.headers.get('retry-after'), '1');
  let isDrained = false;
  const draining = handler.drain(10_000).then(() => (isDrained = true));
  t.is((await fetch(`${busy.url}/v2/health/ready`)).status, 503);
  t.false(isDrained);
  finish();
  t.is((await first).status, 200);
  await draining;
  t.true(isDrained);
  await busy.close();
});

test('a model that does not read makes the server not ready', async (t) => {
  const handler = createInferenceServer({
    model: {
      ...server.model,
      isReady: () => Promise.resolve(false),
      infer: () => Promise.reject(modelError('no')),
    },
    token: undefined,
    maxBodyBytes: 10_000,
    maxInFlight: 1,
    exposeMetrics: () => Promise.resolve({ contentType: '', body: '' }),
    observe: () => undefined,
  });
  const broken = await serveHandler(handler.handle);
  t.is((await fetch(`${broken.url}/v2/health/ready`)).status, 503);
  t.is((await fetch(`${broken.url}/v2/health/live`)).status, 200);
  await broken.close();
});
