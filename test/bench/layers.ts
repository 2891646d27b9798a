import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startChild } from './child.ts';
import { type Measurement, measure, median, quantile } from './load.ts';
import { writeSection } from './results.ts';

const ROUNDS = 3;
const CONCURRENCY = 16;
const SEQUENTIAL = 200;
const SECONDS = 3;

/** Each adds one layer to the one before. `warm` sends the same text again and again, `cold` a new one each time. */
const VARIANTS = [
  { name: 'direct', what: 'client → runner, no proxy', text: 'cold' },
  { name: 'bare', what: 'Koa + undici passing through (yardstick)', text: 'cold' },
  { name: 'http', what: 'Cordon: HTTP, lossless JSON, restore', text: 'cold' },
  { name: 'auth', what: '+ JWT + casbin policy', text: 'cold' },
  { name: 'recognisers', what: '+ recognisers, pseudonymise, restore', text: 'cold' },
  { name: 'ner', what: '+ NER, every text new', text: 'cold' },
  { name: 'ner', what: '+ NER, text seen before', text: 'warm' },
  { name: 'ledger', what: '+ encrypted durable ledger, text seen before', text: 'warm' },
  { name: 'no-ner', what: 'all but NER (JWT, policy, recognisers, restore, ledger)', text: 'cold' },
  { name: 'ledger', what: 'all, every text new', text: 'cold' },
] as const;

/** About 320 characters, as a person pastes them into a prompt. */
function prompt(n: number): string {
  return (
    `Hello, I am Maria Gonzalez from Springfield, case number ${n}. Please write to maria.gonzalez@example.com or call me at ` +
    `+1 202-555-0143 about the order I placed last week with Globex; the parcel went to my old address. ` +
    `My colleague John O'Neill can sign for it as well. Thank you very much for your help, and have a nice day.`
  );
}

function body(n: number): string {
  return JSON.stringify({
    model: 'demo',
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: prompt(n) },
    ],
  });
}

async function measureVariant(variant: (typeof VARIANTS)[number], runnerUrl: string): Promise<Measurement> {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), 'cordon-bench-'));
  const child =
    variant.name === 'direct'
      ? undefined
      : await startChild('variant-server.js', [variant.name, runnerUrl, dataDirectory]);
  const base = child === undefined ? runnerUrl : `${child.started.url}/v1`;
  let offset = 0;
  const result = await measure({
    url: `${base}/chat/completions`,
    headers: { authorization: `Bearer ${child?.started.token ?? ''}` },
    body: (n) => body(variant.text === 'cold' ? ++offset : Math.min(n, 0)),
    sequential: SEQUENTIAL,
    concurrency: CONCURRENCY,
    seconds: SECONDS,
  });
  await child?.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
  return result;
}

/** Added latency at concurrency 1 and throughput, layer by layer against direct. */
export async function benchLayers(): Promise<void> {
  const results = VARIANTS.map((): Measurement[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    const order = [...VARIANTS.keys()];
    if (round % 2 === 1) order.reverse();
    for (const i of order) {
      const variant = VARIANTS[i];
      if (variant === undefined) continue;
      process.stderr.write(`round ${round + 1}/${ROUNDS}: ${variant.what}\n`);
      const upstream = await startChild('upstream-server.js');
      results[i]?.push(await measureVariant(variant, upstream.started.url));
      await upstream.stop();
    }
  }
  const rows = VARIANTS.map((variant, i) => ({ what: variant.what, ...summary(results[i] ?? []) }));
  const direct = rows[0];
  const bare = rows[1];
  if (direct === undefined || bare === undefined) return;
  writeSection('Layers', [
    `Added latency one call after the other (median over ${ROUNDS} rounds of ${SEQUENTIAL} calls), throughput at ${CONCURRENCY} in flight. One process; runner, proxy and load generator share the machine.`,
    '',
    '| layer | p50 ms | p99 ms | added p50 | added p99 | calls/s | of bare | raw calls/s |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.what} | ${row.p50.toFixed(2)} | ${row.p99.toFixed(2)} | ${(row.p50 - direct.p50).toFixed(2)} | ${(row.p99 - direct.p99).toFixed(2)} | ${row.perSecond.toFixed(0)} | ${(row.perSecond / bare.perSecond).toFixed(2)} | ${row.raw} |`,
    ),
  ]);
}

function summary(measurements: readonly Measurement[]): {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  readonly raw: string;
} {
  return {
    p50: median(measurements.map(({ latenciesMs }) => median(latenciesMs))),
    p99: median(measurements.map(({ latenciesMs }) => quantile(latenciesMs, 0.99))),
    perSecond: median(measurements.map(({ perSecond }) => perSecond)),
    raw: measurements.map(({ perSecond }) => perSecond.toFixed(0)).join(', '),
  };
}
