import { Pool } from 'undici';

/** One measurement against one server: latency of calls one after the other, then throughput of many at once. */
export interface Measurement {
  /** Milliseconds, one a call, in order. */
  readonly latenciesMs: readonly number[];
  /** Calls per second. */
  readonly perSecond: number;
}

export interface LoadOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Body of the n-th call. */
  readonly body: (n: number) => string;
  readonly sequential: number;
  readonly concurrency: number;
  readonly seconds: number;
}

/** Throws when any call is not answered with 200: a server that refuses quickly must not look fast. */
export async function measure(options: LoadOptions): Promise<Measurement> {
  const url = new URL(options.url);
  const pool = new Pool(url.origin, { connections: options.concurrency });
  let n = 0;
  const call = async (): Promise<void> => {
    const response = await pool.request({
      path: url.pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...options.headers },
      body: options.body(n++),
    });
    const text = await response.body.text();
    if (response.statusCode !== 200)
      throw new Error(`answered ${response.statusCode}: ${text.slice(0, 200)}`);
  };
  for (let i = 0; i < 50; i++) await call();
  const latenciesMs: number[] = [];
  for (let i = 0; i < options.sequential; i++) {
    const started = performance.now();
    await call();
    latenciesMs.push(performance.now() - started);
  }
  const end = performance.now() + options.seconds * 1000;
  const started = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: options.concurrency }, async () => {
      while (performance.now() < end) {
        await call();
        done += 1;
      }
    }),
  );
  const perSecond = done / ((performance.now() - started) / 1000);
  await pool.destroy();
  return { latenciesMs, perSecond };
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
