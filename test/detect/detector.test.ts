import test from 'ava';
import fc from 'fast-check';
import { defaultRecognizers } from '../../src/detect/default-recognizers.ts';
import { type DetectorOptions, createDetector } from '../../src/detect/detector.ts';
import { type NerEngine } from '../../src/detect/ner/contract.ts';
import { CordonError } from '../../src/domain/errors.ts';
import { type DetectRequest, type Span } from '../../src/domain/span.ts';

const recognizers = defaultRecognizers({ phoneRegions: ['US'] });
const cacheKey = new Uint8Array(32).fill(7);
const prose = (text: string): DetectRequest => ({ text, kind: 'prose' });

/** A model that knows some names by heart and remembers what it was asked. */
function modelOf(...names: string[]): NerEngine & { asked: string[][] } {
  const asked: string[][] = [];
  return {
    version: 'ner:test@1',
    provider: 'cpu',
    asked,
    find: (texts) => {
      asked.push([...texts]);
      return Promise.resolve(
        texts.map((text) =>
          names.flatMap((name): Span[] => {
            const start = text.indexOf(name);
            if (start < 0) return [];
            const end = start + name.length;
            return [{ start, end, entity: 'PERSON', score: 0.9, recognizer: 'ner:test@1', validated: false }];
          }),
        ),
      );
    },
    close: () => Promise.resolve(),
  };
}

function make(options: Partial<DetectorOptions> = {}): ReturnType<typeof createDetector> {
  return createDetector({ ner: undefined, recognizers, cacheKey, timeoutMs: 20_000, ...options });
}

function covered(text: string, spans: readonly Span[] | undefined): string[] {
  return (spans ?? []).map((span) => `${span.entity}:${text.slice(span.start, span.end)}`);
}

test('the model and the recognisers answer together, in the order of the requests', async (t) => {
  const texts = ['Ask Anna Zelinski', 'nothing', 'at anna@example.com'];
  const result = await make({ ner: modelOf('Anna Zelinski') }).detect(texts.map(prose));
  t.deepEqual(
    result.map((spans, i) => covered(texts[i] ?? '', spans)),
    [['PERSON:Anna Zelinski'], [], ['EMAIL_ADDRESS:anna@example.com']],
  );
});

test('all new texts of a call reach the model at once, and old ones never again', async (t) => {
  const ner = modelOf();
  const detector = make({ ner });
  await detector.detect([prose('one'), prose('two'), prose('one')]);
  await detector.detect([prose('one'), prose('two'), prose('three')]);
  t.deepEqual(ner.asked, [['one', 'two'], ['three']]);
});

test('a cached answer equals the first one', async (t) => {
  const detector = make({ ner: modelOf('Anna Zelinski') });
  const requests = ['Anna Zelinski, +1 212 555 0123', 'Zelinski wrote 4111 1111 1111 1111'].map(prose);
  const first = await detector.detect(requests);
  t.deepEqual(await detector.detect(requests), first);
  t.deepEqual(covered(requests[1]?.text ?? '', first[1]), [
    'PERSON:Zelinski',
    'CREDIT_CARD:4111 1111 1111 1111',
  ]);
});

test('a name of one call is not looked for in the next', async (t) => {
  const detector = make({ ner: modelOf('Anna Zelinski') });
  await detector.detect([prose('Anna Zelinski'), prose('Zelinski called')]);
  t.deepEqual(await detector.detect([prose('Zelinski called')]), [[]]);
});

const fixed = (text: string): DetectRequest => ({ text, kind: 'fixed' });

test('a text that cannot be rewritten yields what is proven and what only such a value looks like', async (t) => {
  const values = [
    '4111111111111111',
    '13800138000',
    '京A12345',
    'maria.gonzalez@example.com',
    '+12025550143',
  ];
  for (const value of values) t.is((await make().detect([fixed(value)]))[0]?.length, 1, value);
});

test('ids, digests, times and numbers of an ordinary request are no personal data', async (t) => {
  const ordinary = [
    ...[
      'call_abc123DEF456ghi789JKL012',
      'msg_68a1c0ffee13800138000a1b2c3d4e5f60718293',
      'toolu_01A09q90qw90lq917835lq9',
    ],
    ...[
      '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      '018f4d8e-7c5a-7b3e-9d2f-1a2b3c4d5e6f',
    ],
    ...[
      '1732400000',
      '1732400000000',
      '1732400000123456',
      '2026-11-23T23:09:31.000Z',
      '175928847299117063',
      '1234567',
    ],
    ...[
      'customer_email',
      'passport_number',
      'x-api-key',
      '姓名',
      'gpt-4o-2024-08-06',
      'ORD-20241123',
      'SKU-12345-678',
    ],
  ];
  const found = await make().detect(ordinary.map(fixed));
  t.deepEqual(
    ordinary.filter((_, i) => found[i]?.length !== 0),
    [],
  );
});

test('of names that cannot be rewritten the model reads those that hold words, and is believed when it is sure', async (t) => {
  const ner = modelOf('Anna Zelinski');
  const unsure = await make({ ner }).detect([fixed('Salary of Anna Zelinski'), fixed('anna_zelinski')]);
  t.deepEqual(unsure, [[], []]);
  t.deepEqual(ner.asked, [['Salary of Anna Zelinski']]);
  const sure: NerEngine = {
    ...ner,
    find: async (texts, signal) =>
      (await ner.find(texts, signal)).map((spans) => spans.map((span) => ({ ...span, score: 0.99 }))),
  };
  const [spans] = await make({ ner: sure }).detect([fixed('Salary of Anna Zelinski')]);
  t.deepEqual(covered('Salary of Anna Zelinski', spans), ['PERSON:Anna Zelinski']);
});

test('the same text is judged by its kind', async (t) => {
  const result = await make().detect([prose('I am 34 years old'), fixed('I am 34 years old')]);
  t.deepEqual(
    result.map((spans) => spans.length),
    [1, 0],
  );
});

test('a failing model denies the call, whatever it fails with', async (t) => {
  for (const error of [new Error('out of memory'), new CordonError('upstream_timeout', 'slow')]) {
    const ner: NerEngine = { ...modelOf(), find: () => Promise.reject(error) };
    await t.throwsAsync(make({ ner }).detect([prose('a@example.com')]), { code: 'detector_unavailable' });
  }
});

test('a model that answers for fewer texts, or outside the text, denies the call', async (t) => {
  const outside: Span = { start: 0, end: 99, entity: 'PERSON', score: 1, recognizer: 'x', validated: false };
  for (const answer of [
    [],
    [[outside]],
    [[{ ...outside, end: 0 }]],
    [[{ ...outside, start: -1, end: 1 }]],
    [[{ ...outside, end: 2, score: NaN }]],
  ]) {
    const ner: NerEngine = { ...modelOf(), find: () => Promise.resolve(answer) };
    await t.throwsAsync(make({ ner }).detect([prose('hello')]), { code: 'detector_unavailable' });
  }
});

test('a model that never answers denies the call at the deadline and is told to stop', async (t) => {
  let told: AbortSignal | undefined;
  const ner: NerEngine = {
    ...modelOf(),
    find: (_, signal) => {
      told = signal;
      return new Promise(() => undefined);
    },
  };
  await t.throwsAsync(make({ ner, timeoutMs: 20 }).detect([prose('hello')]), {
    code: 'detector_unavailable',
  });
  t.true(told?.aborted);
});

test('a failing recogniser denies the call, and nothing of it is cached', async (t) => {
  let broken = true;
  const flaky = {
    name: 'flaky',
    entities: [],
    find: () => {
      if (broken) throw new TypeError('broken');
      return [];
    },
  };
  const detector = make({ recognizers: [...recognizers, flaky] });
  await t.throwsAsync(detector.detect([prose('a@example.com')]), { code: 'detector_unavailable' });
  broken = false;
  t.is((await detector.detect([prose('a@example.com')]))[0]?.length, 1);
});

test('a caller who has gone away is not answered', async (t) => {
  const stop = new AbortController();
  stop.abort();
  await t.throwsAsync(make().detect([prose('hello')], stop.signal), { code: 'client_closed_request' });
  const late = new AbortController();
  const ner: NerEngine = { ...modelOf(), find: () => new Promise(() => undefined) };
  const pending = make({ ner }).detect([prose('hello')], late.signal);
  late.abort();
  await t.throwsAsync(pending, { code: 'client_closed_request' });
});

test('an error names no text of the prompt', async (t) => {
  const ner: NerEngine = { ...modelOf(), find: () => Promise.reject(new Error('failed on Anna Zelinski')) };
  const error = await t.throwsAsync(make({ ner }).detect([prose('Anna Zelinski')]));
  t.notRegex(`${error.message} ${'detail' in error ? String(error.detail) : ''}`, /Anna/);
});

test('thresholds and allowed texts are the operator’s', async (t) => {
  const text = 'ship 219099999 to help@example.com and a@example.com';
  const detector = make({
    thresholds: { US_SSN: 0.2 },
    allow: { EMAIL_ADDRESS: ['help@example.com'] },
  });
  t.deepEqual(covered(text, (await detector.detect([prose(text)]))[0]), [
    'US_SSN:219099999',
    'EMAIL_ADDRESS:a@example.com',
  ]);
  t.throws(() => make({ thresholds: { US_SSN: 2 } }), { instanceOf: RangeError });
  t.throws(() => make({ cacheKey: new Uint8Array(4) }), { instanceOf: RangeError });
});

test('a long text yields what its parts yield, wherever the cuts fall', async (t) => {
  const filler = 'The quick brown fox jumps over the lazy dog. ';
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1300, max: 1700 }), { minLength: 3, maxLength: 6 }),
      async (gaps) => {
        const text = gaps.map((gap) => `${filler.repeat(gap)}SSN 219-09-9999 `).join('');
        const spans = (await make().detect([prose(text)]))[0];
        t.deepEqual(
          covered(text, spans),
          gaps.map(() => 'US_SSN:219-09-9999'),
        );
      },
    ),
    { numRuns: 10 },
  );
});

test('other work runs while a long text is read', async (t) => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 0);
  await make().detect([prose('My number is 219-09-9999, call me. '.repeat(20_000))]);
  clearInterval(timer);
  t.true(ticks >= 5);
});

test('twenty thousand small slots are answered', async (t) => {
  const requests = Array.from({ length: 20_000 }, (_, i) => prose(`slot ${i} of Anna Zelinski`));
  const result = await make({ ner: modelOf('Anna Zelinski') }).detect(requests);
  t.true(result.every((spans) => spans.length === 1));
});

test('the version names every part that can change a result', (t) => {
  t.regex(make({ ner: modelOf() }).version, /^recognizers@\d+\(.*email.*\) ner:test@1$/);
});
