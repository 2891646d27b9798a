import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { CordonError } from '../../../src/domain/errors.ts';
import { loadNerEngine } from '../../../src/detect/ner/load.ts';
import {
  BIO,
  BIOES,
  hfFiles,
  lexicalScore,
  manifestFor,
  WORDPIECE_VOCAB,
  writeFolder,
  type Files,
} from '../../support/ner-folder.ts';
import { taggerModel } from '../../support/onnx-model.ts';

const TEXT = '👩‍👩‍👧 Maria Müller lives in Paris, and 王小明 住在 Paris.';

async function load(files: Files, options: { readonly allowUnmanifested?: boolean } = {}) {
  return loadNerEngine({ directory: await writeFolder(files), provider: 'cpu', threads: 1, ...options });
}

function omit(files: Files, file: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([name]) => name !== file));
}

async function detailOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CordonError) || error.code !== 'detector_unavailable')
    return `not refused: ${String(error)}`;
  return error.detail ?? '';
}

test("a stranger's Hugging Face folder works as it is", async (t) => {
  const engine = await load(hfFiles(BIO));
  const [spans = []] = await engine.find([TEXT]);
  t.deepEqual(
    spans.map((span) => [TEXT.slice(span.start, span.end), span.entity]),
    [
      ['Maria Müller', 'PERSON'],
      ['Paris', 'LOCATION'],
      ['王小明', 'PERSON'],
      ['Paris', 'LOCATION'],
    ],
  );
  t.true(spans.every((span) => span.score > 0.5 && span.score <= 1 && !span.validated));
  await engine.close();
});

test('the version names model and version, and spans name the model', async (t) => {
  const files = hfFiles(BIO);
  const engine = await load({ ...files, 'MANIFEST.json': manifestFor(files, 'stranger', '2.1') });
  t.is(engine.version, 'ner:stranger@2.1');
  t.is(engine.provider, 'cpu');
  t.true(engine.report.unitsPerSecond > 0);
  const [spans = []] = await engine.find(['Maria']);
  t.deepEqual(
    spans.map((span) => span.recognizer),
    ['ner:stranger'],
  );
  await engine.close();
});

test('BIOES labels work too, and unfinished entities are not invented', async (t) => {
  const score = (id: number, label: number): number => (label === (id === 4 ? 4 : 0) ? 5 : 0);
  const engine = await load(hfFiles(BIOES, { score }));
  const [spans = []] = await engine.find(['maria lives']);
  t.deepEqual(
    spans.map((span) => [span.start, span.end, span.entity]),
    [[0, 5, 'PERSON']],
  );
  await engine.close();
});

test('types are named by our table, extended by the folder', async (t) => {
  const engine = await load(hfFiles(BIO, {}, { entity_map: { PER: 'CUSTOMER', LOC: null, MISC: 'EVENT' } }));
  const [spans = []] = await engine.find(['maria in paris and opera']);
  t.deepEqual(
    spans.map((span) => span.entity),
    ['CUSTOMER', 'EVENT'],
  );
  await engine.close();
});

test('a threshold takes an entity below it away', async (t) => {
  const engine = await load(hfFiles(BIO, {}, { thresholds: { PERSON: 0.9999 } }));
  const [spans = []] = await engine.find([TEXT]);
  t.deepEqual(
    spans.map((span) => span.entity),
    ['LOCATION', 'LOCATION'],
  );
  await engine.close();
});

test('a cordon-words folder is read with the word encoder', async (t) => {
  const vocab = ['<pad>', '<unk>', 'maria', 'lives'];
  const config = {
    model_type: 'cordon-words',
    version: '3',
    id2label: { 0: 'O', 1: 'B-PERSON', 2: 'I-PERSON', 3: 'E-PERSON', 4: 'S-PERSON' },
    receptive_field: 3,
    max_units: 16,
    max_word: 48,
    char_width: 16,
    char_head: 10,
    chars: 'abc',
  };
  const model = taggerModel({
    vocab: vocab.length,
    labels: 5,
    ids: { name: 'words', type: 'int32' },
    mask: { name: 'mask', type: 'float32' },
    dilations: [],
    score: (id, label) => (label === (id === 2 ? 4 : 0) ? 5 : 0),
  });
  const files = {
    'config.json': JSON.stringify(config),
    'vocab.txt': vocab.join('\n') + '\n',
    'model.onnx': model,
  };
  const text = `${'word '.repeat(40)}Maria lives.`;
  t.regex(await detailOf(load(files)), /no MANIFEST\.json/);
  for (const engine of [
    await load(files, { allowUnmanifested: true }),
    await load({ ...files, 'MANIFEST.json': manifestFor(files) }),
  ]) {
    const [spans = []] = await engine.find([text]);
    t.deepEqual(
      spans.map((span) => [text.slice(span.start, span.end), span.entity]),
      [['Maria', 'PERSON']],
    );
    await engine.close();
  }
});

test('a changed, missing or unnamed file refuses to load', async (t) => {
  const files = hfFiles(BIO);
  const manifest = manifestFor(files);
  const changed = { ...files, 'onnx/model.onnx': hfFiles(BIO, { score: () => 0 })['onnx/model.onnx'] ?? '' };
  t.regex(
    await detailOf(load({ ...changed, 'MANIFEST.json': manifest })),
    /onnx\/model\.onnx is not the file/,
  );
  const without = omit(files, 'tokenizer_config.json');
  t.regex(
    await detailOf(load({ ...without, 'MANIFEST.json': manifest })),
    /tokenizer_config\.json is missing/,
  );
  t.regex(
    await detailOf(load({ ...files, 'MANIFEST.json': manifestFor(without) })),
    /tokenizer_config\.json is not named/,
  );
  t.regex(
    await detailOf(load({ ...files, 'MANIFEST.json': manifest.replace('config.json', '../config.json') })),
    /path inside the folder/,
  );
  t.regex(await detailOf(load(files, { allowUnmanifested: false })), /no MANIFEST\.json/);
});

test('a folder that is no token classifier says what is wrong with it', async (t) => {
  const files = hfFiles(BIO);
  t.regex(await detailOf(load(omit(files, 'tokenizer.json'))), /no tokenizer\.json/);
  t.regex(await detailOf(load(omit(files, 'onnx/model.onnx'))), /no model\.onnx/);
  t.regex(await detailOf(load(omit(files, 'config.json'))), /config\.json is missing/);
  t.regex(await detailOf(load(hfFiles(['LABEL_0', 'LABEL_1']))), /no O label/);
  t.regex(await detailOf(load({ ...files, 'config.json': '[1]' })), /must be a JSON object/);
  t.regex(await detailOf(load({ ...files, 'tokenizer.json': '{"model":{"type":"Nope"}}' })), /not supported/);
  t.regex(await detailOf(load({ ...files, 'onnx/model.onnx': 'no model' })), /cannot be opened on cpu/);
});

test('a model that answers in another shape or with NaN does not load', async (t) => {
  const moreLabels = hfFiles(BIO, { labels: 9, score: () => 0 });
  t.regex(await detailOf(load(moreLabels)), /another shape/);
  t.regex(await detailOf(load(hfFiles(BIO, { score: () => NaN }))), /not finite/);
  const wrongInput = { ids: { name: 'pixels', type: 'int64' } } as const;
  t.regex(await detailOf(load(hfFiles(BIO, wrongInput))), /an input pixels that nothing here fills/);
});

test('a gpu that is required and not there refuses to start, and a named provider is never replaced', async (t) => {
  const directory = await writeFolder(hfFiles(BIO));
  t.regex(await detailOf(loadNerEngine({ directory, provider: 'cpu', requireGpu: true })), /contradict/);
  const foreign = process.platform === 'win32' ? 'coreml' : 'dml';
  t.regex(await detailOf(loadNerEngine({ directory, provider: foreign })), /not on this platform/);
});

test('a model that fails while it is in use denies the call, and reads the next', async (t) => {
  // `opera` is the last piece: one model answers it with NaN, the other has no row for it.
  const base = lexicalScore(BIO);
  const opera = WORDPIECE_VOCAB - 1;
  const score = (id: number, label: number): number => (id === opera ? NaN : base(id, label));
  for (const spec of [{ score }, { vocab: opera }]) {
    const engine = await load(hfFiles(BIO, spec));
    t.regex(await detailOf(engine.find(['maria', 'opera'])), /not finite|onnxruntime failed/);
    t.is((await engine.find(['maria']))[0]?.length, 1);
    await engine.close();
  }
});

test('weights in a further file must be named too', async (t) => {
  const files = hfFiles(BIO);
  const split = { ...files, 'onnx/model.onnx_data': 'weights', 'MANIFEST.json': manifestFor(files) };
  t.regex(await detailOf(load(split)), /further weights of onnx\/model\.onnx are not named/);
});

test('auto answers with some provider and says why it left the others', async (t) => {
  const engine = await loadNerEngine({
    directory: await writeFolder(hfFiles(BIO)),
    provider: 'auto',
    lanes: 2,
  });
  t.is(engine.report.provider, engine.provider);
  t.true(engine.report.refused.every(({ reason }) => reason !== ''));
  t.true(engine.provider !== 'cpu' || engine.report.refused.length === 5);
  const found = await Promise.all(Array.from({ length: 20 }, () => engine.find(['maria', 'in', 'paris'])));
  t.true(found.every((spans) => spans.map((one) => one.length).join() === '1,0,1'));
  await engine.close();
});

test('the event loop turns while a batch is read', async (t) => {
  const engine = await load(hfFiles(BIO, { dilations: Array.from({ length: 40 }, () => 1) }));
  let turns = 0;
  const texts = Array.from({ length: 60 }, () => 'maria '.repeat(500));
  const found = engine.find(texts);
  const done = found.then(() => true);
  while (!(await Promise.race([done, nextTurn(false)]))) turns++;
  // A run on this thread would be a single turn for each of its batches, of which there are fewer than texts.
  t.true(turns > texts.length, `${turns} turns`);
  await engine.close();
});
