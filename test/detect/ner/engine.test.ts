import test from 'ava';
import fc from 'fast-check';
import { CordonError } from '../../../src/domain/errors.ts';
import { type Span } from '../../../src/domain/span.ts';
import { createDecoder } from '../../../src/detect/ner/decode.ts';
import { createEntityNames } from '../../../src/detect/ner/entities.ts';
import { createNerEngine, type EngineParts } from '../../../src/detect/ner/engine.ts';
import { createHfEncoder } from '../../../src/detect/ner/hf-encoder.ts';
import { parseLabels } from '../../../src/detect/ner/labels.ts';
import { loadNerEngine } from '../../../src/detect/ner/load.ts';
import { type Row } from '../../../src/detect/ner/tensors.ts';
import {
  BIO,
  BIOES,
  hfFiles,
  randomScore,
  wordPieceTokenizer,
  writeFolder,
} from '../../support/ner-folder.ts';

/** A model whose answers depend on neighbours three units away. */
const CONTEXT = { dilations: [1, 2], score: randomScore(11) };

async function load(labels: readonly string[], config: Readonly<Record<string, unknown>>) {
  const directory = await writeFolder(hfFiles(labels, CONTEXT, config));
  return loadNerEngine({ directory, provider: 'cpu', threads: 1 });
}

const word = fc.constantFrom(
  'maria',
  'muller',
  'lives',
  'in',
  'paris',
  ',',
  'and',
  '王小明',
  '在',
  'opera',
  '😀',
  'x',
);
const text = (maxLength: number, minLength = 0): fc.Arbitrary<string> =>
  fc.array(word, { minLength, maxLength }).map((words) => words.join(' '));

/** Same places, same names, and scores that differ by rounding alone. */
function areSame(a: readonly Span[] | undefined, b: readonly Span[] | undefined): boolean {
  return (
    a?.length === b?.length &&
    a?.every((span, i) => {
      const other = b?.[i];
      const isClose = Math.abs(span.score - (other?.score ?? -1)) < 1e-4;
      return isClose && span.start === other?.start && span.end === other.end && span.entity === other.entity;
    }) === true
  );
}

test('a model with a receptive field says the same in windows as over the whole text', async (t) => {
  for (const labels of [BIO, BIOES]) {
    const whole = await load(labels, { max_units: 500, receptive_field: 3 });
    const windowed = await load(labels, { max_units: 16, receptive_field: 3 });
    let found = 0;
    await fc.assert(
      fc.asyncProperty(text(150, 20), async (source) => {
        const [expected] = await whole.find([source]);
        const [actual] = await windowed.find([source]);
        found += expected?.length ?? 0;
        return areSame(expected, actual);
      }),
      { numRuns: 40 },
    );
    t.true(found > 100);
    await Promise.all([whole.close(), windowed.close()]);
  }
});

test('a text has the same spans in whatever company it is read', async (t) => {
  const engine = await load(BIO, { max_units: 64, receptive_field: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(text(90), { minLength: 1, maxLength: 12 }), async (texts) => {
      const alone: (readonly Span[] | undefined)[] = [];
      for (const source of texts) alone.push((await engine.find([source]))[0]);
      const together = await engine.find(texts);
      const callers = await Promise.all(texts.map((source) => engine.find([source])));
      return texts.every((_, i) => areSame(alone[i], together[i]) && areSame(alone[i], callers[i]?.[0]));
    }),
    { numRuns: 25 },
  );
  t.pass();
  await engine.close();
});

test('spans are sorted, disjoint and inside texts of any characters and any length', async (t) => {
  const engine = await load(BIO, { max_units: 32, receptive_field: 3 });
  const anything = fc.oneof(text(40), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
  const long = anything.map((part) => part.repeat(part === '' ? 0 : Math.ceil(70_000 / part.length)));
  const check = async (source: string): Promise<boolean> => {
    const [spans = []] = await engine.find([source]);
    return spans.every(
      ({ start, end }, i) => start >= (spans[i - 1]?.end ?? 0) && end > start && end <= source.length,
    );
  };
  await fc.assert(fc.asyncProperty(anything, check), { numRuns: 60 });
  await fc.assert(fc.asyncProperty(long, check), { numRuns: 4 });
  t.deepEqual(await engine.find(['', ' \n', '\ud83d']), [[], [], []]);
  t.pass();
  await engine.close();
});

/** An engine over a model that answers when, and as, the test says. */
function engineOver(
  run: (rows: readonly Row[]) => Promise<Float32Array[]>,
  options: Partial<EngineParts> = {},
) {
  const labels = parseLabels(Object.fromEntries(BIO.map((label, i) => [i, label])));
  let isReleased = false;
  const close = (): Promise<void> => {
    isReleased = true;
    return Promise.resolve();
  };
  const engine = createNerEngine({
    version: 'ner:test@1',
    encoder: createHfEncoder(wordPieceTokenizer(), {}, 0).encoder,
    decode: createDecoder({
      set: labels,
      transitions: undefined,
      thresholds: new Map(),
      entityOf: createEntityNames(undefined),
      wholeWords: true,
      recognizer: 'ner:test',
    }),
    model: { provider: 'test', lanes: 1, isOpen: () => true, run, close },
    window: { maxUnits: 64, overlap: 16 },
    labels: BIO.length,
    maxBatchUnits: 128,
    maxQueuedTexts: 4,
    ...options,
  });
  return { engine, isReleased: () => isReleased };
}

const silent = (rows: readonly Row[]): Float32Array[] =>
  rows.map(({ from, to }) =>
    new Float32Array((to - from) * BIO.length).fill(0).map((_, i) => (i % BIO.length === 0 ? 5 : 0)),
  );

/** A model that holds its answers back until it is told to give them. */
function heldModel() {
  const waiting: (() => void)[] = [];
  let runs = 0;
  const run = (rows: readonly Row[]): Promise<Float32Array[]> => {
    runs++;
    return new Promise((resolve) => {
      waiting.push(() => {
        resolve(silent(rows));
      });
    });
  };
  const release = (): void => {
    for (const answer of waiting.splice(0)) answer();
  };
  return { run, release, runs: () => runs };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a model that throws denies the call, and the next call is read again', async (t) => {
  let isBroken = true;
  const { engine } = engineOver((rows) =>
    isBroken
      ? Promise.reject(new CordonError('detector_unavailable', 'broken'))
      : Promise.resolve(silent(rows)),
  );
  await t.throwsAsync(engine.find(['maria', 'paris']), { code: 'detector_unavailable' });
  isBroken = false;
  t.deepEqual(await engine.find(['maria', 'paris']), [[], []]);
});

test('one text that fails denies the whole call', async (t) => {
  const { engine } = engineOver(
    (rows) =>
      rows.some(({ encoding }) => encoding.starts.length > 3)
        ? Promise.reject(new CordonError('detector_unavailable', 'broken'))
        : Promise.resolve(silent(rows)),
    { maxBatchUnits: 1 },
  );
  await t.throwsAsync(engine.find(['maria', 'maria lives in paris', 'paris']), {
    code: 'detector_unavailable',
  });
});

test('a full queue refuses the call instead of passing it', async (t) => {
  const held = heldModel();
  const { engine } = engineOver(held.run);
  const admitted = engine.find(['maria', 'in', 'paris', 'and']);
  const error = await t.throwsAsync(engine.find(['opera']), { instanceOf: CordonError });
  t.is(error.code, 'detector_unavailable');
  t.is(error.retryAfterS, 1);
  await turn();
  held.release();
  t.is((await admitted).length, 4);
  const again = engine.find(['opera']);
  await turn();
  held.release();
  t.deepEqual(await again, [[]]);
});

test('a call larger than the queue is read in groups', async (t) => {
  const { engine } = engineOver((rows) => Promise.resolve(silent(rows)));
  t.is((await engine.find(Array.from({ length: 300 }, () => 'maria'))).length, 300);
});

test('a caller who leaves is let go at once, and its queued texts are not read', async (t) => {
  const held = heldModel();
  const { engine } = engineOver(held.run, { maxBatchUnits: 1 });
  const first = engine.find(['maria']);
  await turn();
  const caller = new AbortController();
  const second = engine.find(['paris', 'and'], caller.signal);
  await turn();
  caller.abort();
  await t.throwsAsync(second, { code: 'client_closed_request' });
  held.release();
  await first;
  await turn();
  t.is(held.runs(), 1);
  await t.throwsAsync(engine.find(['maria'], AbortSignal.abort()), { code: 'client_closed_request' });
});

test('closing waits for the run in flight, then lets the model go', async (t) => {
  const held = heldModel();
  const { engine, isReleased } = engineOver(held.run);
  const found = engine.find(['maria']);
  await turn();
  const closing = engine.close();
  await turn();
  t.false(isReleased());
  held.release();
  t.deepEqual(await found, [[]]);
  await closing;
  t.true(isReleased());
  await t.throwsAsync(engine.find(['maria']), { code: 'detector_unavailable' });
});
