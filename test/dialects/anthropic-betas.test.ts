import test from 'ava';
import fc from 'fast-check';
import { allowedBetas } from '../../src/dialects/anthropic-betas.ts';

test('betas that change no content are passed on, once each', (t) => {
  t.deepEqual(allowedBetas('interleaved-thinking-2025-05-14, context-1m-2025-08-07,context-1m-2025-08-07'), [
    'interleaved-thinking-2025-05-14',
    'context-1m-2025-08-07',
  ]);
  t.deepEqual(allowedBetas(undefined), []);
});

for (const header of [
  'files-api-2025-04-14',
  'mcp-client-2025-11-20',
  'skills-2025-10-02',
  'code-execution-2025-05-22',
  'context-1m',
  'context-1m-maria',
  'Maria Gonzalez',
  'context-1m-2025-08-07 maria@example.com',
  'context-1m-2025-08-07\r\nx-api-key: x',
  '__proto__-2025-08-07',
]) {
  test(`${JSON.stringify(header)} is left out`, (t) => {
    t.deepEqual(allowedBetas(header), []);
  });
}

test('nothing but names of the list ever leaves', (t) => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const beta of allowedBetas(`${text},fast-mode-2026-02-01`))
        t.regex(beta, /^[a-z0-9-]+-\d{4}-\d\d-\d\d$/);
    }),
  );
});
