import { randomBytes } from 'node:crypto';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { type Span } from '../../../src/domain/span.ts';
import { createDetector } from '../../../src/detect/detector.ts';
import { type NerEngine } from '../../../src/detect/ner/contract.ts';
import { createEngineOn, sourceOf } from '../../../src/detect/ner/load.ts';
import { openModel } from '../../../src/detect/ner/model.ts';
import { readModelParts } from '../../../src/detect/ner/model-parts.ts';
import { planWindows, windowSize } from '../../../src/detect/ner/window.ts';
import { remoteEngine, serveFolder } from '../../support/model-server.ts';

// One text has one answer. Rounding depends on the shape of a batch and on the number of threads, so scores may
// differ by TOLERANCE; places and names may not. (Two labels closer than that would be a tie; none was ever drawn.)

const SHIPPED = path.resolve('models/cordon-fast');
const TOLERANCE = 1e-3;

const words = fc.constantFrom(
  ...[
    'Maria',
    'Gonzalez',
    'lives in',
    'Springfield',
    'john smith',
    'from',
    'Globex Corp.',
    'wrote',
    ',',
    '.',
    '\n',
  ],
  ...[
    'Straße',
    'Anna Müller',
    '王小明',
    '住在',
    '北京市',
    '，',
    '李娜',
    '😀',
    '42',
    'e\u0301',
    'x',
    'the order',
  ],
);
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(words, { minLength: 1, maxLength }).map((parts) => parts.join(' '));

function areSame(a: readonly Span[] = [], b: readonly Span[] = []): boolean {
  const isSame = (span: Span, other: Span | undefined): boolean =>
    span.start === other?.start &&
    span.end === other.end &&
    span.entity === other.entity &&
    Math.abs(span.score - other.score) < TOLERANCE;
  return a.length === b.length && a.every((span, i) => isSame(span, b[i]));
}

interface Variants {
  readonly reference: NerEngine;
  readonly others: Readonly<Record<string, NerEngine>>;
  readonly close: () => Promise<void>;
}

/** The shipped model in the ways it can be run: lanes, threads, batches, windows, and on the other side of a wire. */
async function variants(): Promise<Variants> {
  const parts = await readModelParts({ directory: SHIPPED });
  const engine = async (
    options: { threads?: number; lanes?: number; maxBatchUnits?: number; window?: number } = {},
  ): Promise<NerEngine> => {
    const { threads = 1, lanes = 1, window, ...limits } = options;
    const model = await openModel(sourceOf(parts, { provider: 'cpu', threads }), 'cpu', lanes);
    const sized =
      window === undefined ? parts : { ...parts, window: windowSize(window, parts.window.overlap / 2) };
    return createEngineOn(sized, model, limits);
  };
  const server = await serveFolder(SHIPPED, { maxBodyBytes: 16 * 1024 * 1024 });
  const reference = await engine();
  const others = {
    'two lanes': await engine({ lanes: 2 }),
    'two threads': await engine({ threads: 2 }),
    'no batches': await engine({ maxBatchUnits: 1 }),
    'large batches': await engine({ maxBatchUnits: 100_000 }),
    'small windows': await engine({ window: 4 * (parts.window.overlap / 2) }),
    'another machine': (await remoteEngine(SHIPPED, server.url)).engine,
  };
  return {
    reference,
    others,
    close: async () => {
      await Promise.all([reference, ...Object.values(others)].map((one) => one.close()));
      await server.close();
    },
  };
}

test('the shipped model gives a text the same spans in any batch, window, lane, thread and machine', async (t) => {
  const { reference, others, close } = await variants();
  let found = 0;
  await fc.assert(
    // The neighbours are shorter and longer; the longest need several windows.
    fc.asyncProperty(
      text(40),
      fc.array(fc.oneof(text(4), text(400)), { minLength: 1, maxLength: 31 }),
      async (one, rest) => {
        const [expected] = await reference.find([one]);
        found += expected?.length ?? 0;
        const companies = [
          [one, ...rest],
          [...rest, one],
        ];
        for (const [name, engine] of Object.entries({ reference, ...others })) {
          for (const texts of name === 'reference' ? companies : [[one], ...companies.slice(0, 1)]) {
            const spans = await engine.find(texts);
            t.true(areSame(spans[texts.indexOf(one)], expected), name);
          }
        }
      },
    ),
    { numRuns: 4 },
  );
  t.true(found > 0);
  await close();
});

test('a text longer than a window gets what one window over all of it would say, where the model says how far it looks', async (t) => {
  const parts = await readModelParts({ directory: SHIPPED });
  const field = parts.window.overlap / 2;
  const model = await openModel(sourceOf(parts, { provider: 'cpu', threads: 1 }), 'cpu', 1);
  const whole = createEngineOn({ ...parts, window: windowSize(8_192, field) }, model, {
    maxBatchUnits: 8_192,
  });
  const cut = createEngineOn(parts, model, {});
  await fc.assert(
    fc.asyncProperty(text(900), async (long) => {
      const [a, b] = [await whole.find([long]), await cut.find([long])];
      return areSame(a[0], b[0]);
    }),
    { numRuns: 4 },
  );
  t.true(planWindows(2_000, parts.window).length > 3);
  await cut.close();
});

test('what the cache remembers is what the model would say again', async (t) => {
  const parts = await readModelParts({ directory: SHIPPED });
  const model = await openModel(sourceOf(parts, { provider: 'cpu', threads: 1 }), 'cpu', 1);
  const ner = createEngineOn(parts, model, {});
  const options = { ner, recognizers: [], cacheKey: randomBytes(32), timeoutMs: 60_000 };
  const cached = createDetector(options);
  const uncached = createDetector({ ...options, cacheMaxChars: 1 });
  await fc.assert(
    fc.asyncProperty(fc.array(text(30), { minLength: 1, maxLength: 6 }), async (texts) => {
      const requests = texts.map((one) => ({ text: one, kind: 'prose' as const }));
      const expected = await uncached.detect(requests);
      const first = await cached.detect(requests);
      const again = await cached.detect(requests);
      return texts.every((_, i) => areSame(first[i], expected[i]) && areSame(again[i], expected[i]));
    }),
    { numRuns: 8 },
  );
  t.pass();
  await ner.close();
});
