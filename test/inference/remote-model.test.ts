import { type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import fc from 'fast-check';
import { Secret } from '../../src/domain/secret.ts';
import { type Span } from '../../src/domain/span.ts';
import { loadNerEngine } from '../../src/detect/ner/load.ts';
import { readMessage, writeMessage } from '../../src/inference/message.ts';
import { type NamedTensor } from '../../src/inference/tensor.ts';
import { BIO, hfFiles, manifestFor, randomScore, writeFolder } from '../support/ner-folder.ts';
import { remoteEngine, serveFolder, serveHandler } from '../support/model-server.ts';

const UNAVAILABLE = { code: 'detector_unavailable' } as const;
const TEXT = 'Maria Müller lives in Paris';

async function folder(version = '1.2', extra = {}): Promise<string> {
  const files = hfFiles(BIO, extra);
  return writeFolder({ ...files, 'MANIFEST.json': manifestFor(files, 'test-model', version) });
}

const places = (spans: readonly Span[] | undefined): unknown[] =>
  (spans ?? []).map(({ start, end, entity, score }) => [start, end, entity, Math.round(score * 1e4)]);

test('a remote model gives the spans of the local one, whatever the texts and however many callers', async (t) => {
  const files = hfFiles(
    BIO,
    { dilations: [1, 2], score: randomScore(3) },
    { max_units: 32, receptive_field: 3 },
  );
  const directory = await writeFolder(files);
  const local = await loadNerEngine({ directory, provider: 'cpu', threads: 1 });
  const server = await serveFolder(directory);
  const { engine } = await remoteEngine(directory, server.url);
  t.teardown(async () => {
    await Promise.all([engine.close(), local.close()]);
    await server.close();
  });
  const word = fc.constantFrom('maria', 'muller', 'lives', 'in', 'paris', '王小明', '在', '😀', 'x', ',');
  const text = fc.array(word, { minLength: 8, maxLength: 80 }).map((words) => words.join(' '));
  let found = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 3, maxLength: 12, size: 'max' }), async (texts) => {
      const expected = await local.find(texts);
      const together = await engine.find(texts);
      const apart = await Promise.all(texts.map((one) => engine.find([one])));
      expected.forEach((spans, i) => {
        found += spans.length;
        t.deepEqual(places(together[i]), places(spans));
        t.deepEqual(places(apart[i]?.[0]), places(spans));
      });
    }),
    { numRuns: 15 },
  );
  t.true(found > 20, 'what is compared is not nothing');
});

test('the server dies: refused; it comes back: read again, over connections that are used again', async (t) => {
  const directory = await folder();
  const first = await serveFolder(directory);
  const port = Number(new URL(first.url).port);
  const { engine, model } = await remoteEngine(directory, first.url);
  t.is(await model.connect(), undefined);
  t.is((await engine.find([TEXT]))[0]?.length, 2);
  await first.close();
  await t.throwsAsync(engine.find([TEXT]), UNAVAILABLE);
  t.regex((await model.connect()) ?? '', /cannot be reached/);
  const second = await serveFolder(directory, { port });
  t.is((await engine.find([TEXT]))[0]?.length, 2);
  // Another model in the same place is another model.
  await second.close();
  const other = await serveFolder(await folder('9'), { port });
  await t.throwsAsync(engine.find([TEXT]), UNAVAILABLE);
  await t.throwsAsync(model.connect(), UNAVAILABLE);
  await engine.close();
  await other.close();
});

test('the token must be the right one', async (t) => {
  const directory = await folder();
  const server = await serveFolder(directory, { token: new Secret('right') });
  for (const token of [undefined, new Secret('wrong')]) {
    const { engine, model } = await remoteEngine(directory, server.url, token === undefined ? {} : { token });
    await t.throwsAsync(model.connect(), { ...UNAVAILABLE });
    await t.throwsAsync(engine.find([TEXT]), UNAVAILABLE);
    await engine.close();
  }
  const { engine } = await remoteEngine(directory, server.url, { token: new Secret('right') });
  t.is((await engine.find([TEXT]))[0]?.length, 2);
  await engine.close();
  await server.close();
});

test('a server with the same name and version but another graph is refused', async (t) => {
  const server = await serveFolder(await folder('1.2', { score: randomScore(1) }));
  const { model, engine } = await remoteEngine(await folder('1.2'), server.url);
  await t.throwsAsync(model.connect(), UNAVAILABLE);
  await t.throwsAsync(engine.find([TEXT]), UNAVAILABLE);
  await engine.close();
  await server.close();
});

/** What a server like Triton says: no digest, dimensions that vary as −1. */
const METADATA = {
  name: 'test-model',
  versions: ['1.2'],
  platform: 'onnxruntime_onnx',
  inputs: ['input_ids', 'attention_mask'].map((name) => ({ name, datatype: 'INT64', shape: [-1, -1] })),
  outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, -1, BIO.length] }],
};

type Reply = (logits: NamedTensor, response: ServerResponse) => void;

/** A server of the protocol that is not ours. Whole until told otherwise. */
async function stranger(options: { metadata?: object; binary?: boolean } = {}) {
  let { metadata = METADATA, binary = true } = options;
  let reply: Reply | undefined;
  const sent: string[] = [];
  const paths: string[] = [];
  const send = (response: ServerResponse, body: object, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const infer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const header = request.headers['inference-header-content-length'];
    sent.push(header === undefined ? 'json' : 'binary');
    const { tensors } = readMessage(
      'inputs',
      await buffer(request),
      header === undefined ? undefined : String(header),
    );
    const [batch = 0, units = 0] = tensors[0]?.dims ?? [];
    const logits = {
      name: 'logits',
      type: 'float32',
      dims: [batch, units, BIO.length],
      data: new Float32Array(batch * units * BIO.length),
    };
    logits.data.forEach((_, i) => (logits.data[i] = i % BIO.length === 1 ? 5 : 0));
    if (reply !== undefined) {
      reply(logits, response);
      return;
    }
    answer(response, logits, { model_name: 'test-model', model_version: '1.2' }, binary);
  };
  const server = await serveHandler((request, response) => {
    paths.push(request.url ?? '');
    if (request.url === '/v2')
      send(response, { name: 'triton', version: '2', extensions: binary ? ['binary_tensor_data'] : [] });
    else if (/^\/v2\/models\/test-model(\/versions\/1\.2)?$/.test(request.url ?? ''))
      send(response, metadata);
    else void infer(request, response);
  });
  return {
    ...server,
    sent,
    paths,
    say: (next: object) => (metadata = next),
    speak: (next: boolean) => (binary = next),
    reply: (next: Reply | undefined) => (reply = next),
  };
}

function answer(response: ServerResponse, logits: NamedTensor, fields: object, binary = true): void {
  const { headers, body } = writeMessage('outputs', fields, [logits], binary);
  response.writeHead(200, headers);
  response.end(body);
}

test('any server of the protocol will do, with and without the extension for bytes', async (t) => {
  for (const binary of [true, false]) {
    const server = await stranger({ binary });
    const { engine } = await remoteEngine(await folder(), server.url);
    t.true(((await engine.find([TEXT]))[0]?.length ?? 0) > 0);
    t.deepEqual(server.sent, [binary ? 'binary' : 'json']);
    await engine.close();
    await server.close();
  }
});

test('a server that knows no versions is asked for none', async (t) => {
  const server = await stranger({ metadata: { ...METADATA, versions: undefined } });
  const { engine } = await remoteEngine(await folder(), server.url, { versionless: true });
  t.true(((await engine.find([TEXT]))[0]?.length ?? 0) > 0);
  t.true(server.paths.every((path) => !path.includes('/versions/')));
  await engine.close();
  await server.close();
});

test('metadata that is not the model of this side is refused, and believed again when it is', async (t) => {
  const server = await stranger();
  const { engine, model } = await remoteEngine(await folder(), server.url);
  const [ids, mask] = METADATA.inputs;
  const lies: object[] = [
    { ...METADATA, name: 'other' },
    { ...METADATA, versions: ['1'] },
    { ...METADATA, versions: undefined },
    { ...METADATA, versions: '1.2' },
    { ...METADATA, parameters: { sha256: '0'.repeat(64) } },
    { ...METADATA, inputs: [ids].map((one) => ({ ...one, name: 'pixels' })) },
    { ...METADATA, inputs: [{ ...ids, datatype: 'FP16' }, mask] },
    { ...METADATA, inputs: [{ ...ids, shape: [-1, 512] }, mask] },
    { ...METADATA, inputs: 'none' },
    { ...METADATA, outputs: [] },
    { ...METADATA, outputs: [{ name: 'logits', datatype: 'FP16', shape: [-1, -1, BIO.length] }] },
    { ...METADATA, outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, -1, 99] }] },
    { ...METADATA, outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, -1] }] },
    [],
  ];
  for (const lie of lies) {
    server.say(lie);
    await t.throwsAsync(model.connect(), UNAVAILABLE, JSON.stringify(lie));
    await t.throwsAsync(engine.find([TEXT]), UNAVAILABLE);
  }
  t.deepEqual(server.sent, []);
  server.say(METADATA);
  t.true(((await engine.find([TEXT]))[0]?.length ?? 0) > 0);
  await engine.close();
  await server.close();
});

const FIELDS = { model_name: 'test-model', model_version: '1.2' };

/** Ways to answer wrongly. */
const LIES: Readonly<Record<string, Reply>> = {
  'another status': (_, response) => response.writeHead(500).end(),
  'not even an answer': (_, response) => response.destroy(),
  'a redirect': (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
  'no JSON': (_, response) => response.writeHead(200).end('<html>'),
  nothing: (_, response) => response.writeHead(200).end(),
  'another model': (logits, response) => {
    answer(response, logits, { ...FIELDS, model_name: 'other' });
  },
  'another version': (logits, response) => {
    answer(response, logits, { ...FIELDS, model_version: '2' });
  },
  'another graph': (logits, response) => {
    answer(response, logits, { ...FIELDS, parameters: { sha256: 'f' } });
  },
  'another tensor': (logits, response) => {
    answer(response, { ...logits, name: 'scores' }, FIELDS);
  },
  'another datatype': (logits, response) => {
    answer(
      response,
      { ...logits, type: 'int32', data: Int32Array.from(logits.data as Float32Array) },
      FIELDS,
    );
  },
  'another shape': (logits, response) => {
    answer(response, { ...logits, dims: [...logits.dims].reverse() }, FIELDS);
  },
  'fewer rows': (logits, response) => {
    answer(response, { ...logits, dims: [1, 1, 1], data: Float32Array.of(0) }, FIELDS);
  },
  NaN: (logits, response) => {
    answer(response, { ...logits, data: new Float32Array(logits.data.length).fill(NaN) }, FIELDS);
  },
  'NaN as JSON': (logits, response) => {
    answer(response, { ...logits, data: new Float32Array(logits.data.length).fill(NaN) }, FIELDS, false);
  },
  'an infinite number': (logits, response) => {
    answer(response, { ...logits, data: new Float32Array(logits.data.length).fill(Infinity) }, FIELDS);
  },
  'too much': (_, response) => response.writeHead(200).end(Buffer.alloc(5_000_000, ' ')),
  'without end': (_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(' '.repeat(100)), 5);
    response.on('close', () => {
      clearInterval(timer);
    });
  },
  compressed: (logits, response) => {
    const { headers, body } = writeMessage('outputs', FIELDS, [logits], true);
    response.writeHead(200, { ...headers, 'content-encoding': 'br' });
    response.end(body);
  },
  'too late': () => undefined,
};

for (const [what, lie] of Object.entries(LIES)) {
  test.serial(
    `a server that answers with ${what} is not believed, and is asked again afterwards`,
    async (t) => {
      const server = await stranger();
      const { engine } = await remoteEngine(await folder(), server.url, {
        timeoutMs: what === 'too late' || what === 'without end' ? 1_000 : 10_000,
      });
      server.reply(lie);
      await t.throwsAsync(engine.find([TEXT]), UNAVAILABLE);
      server.reply(undefined);
      t.true(((await engine.find([TEXT]))[0]?.length ?? 0) > 0);
      await engine.close();
      await server.close();
    },
  );
}

test('when every caller of a batch has left, the request is given up', async (t) => {
  const server = await stranger();
  const { engine } = await remoteEngine(await folder(), server.url, { timeoutMs: 5_000 });
  let gone = 0;
  server.reply((_, response) => response.on('close', () => gone++));
  const caller = new AbortController();
  const found = engine.find([TEXT], caller.signal);
  while (server.sent.length === 0) await sleep(5);
  caller.abort();
  await t.throwsAsync(found, { code: 'client_closed_request' });
  while (gone === 0) await sleep(5);
  t.is(gone, 1);
  await engine.close();
  await server.close();
});
