import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What a model server counts. */
export interface ModelServerMetrics {
  readonly inference: (done: {
    readonly status: number;
    readonly rows: number;
    readonly seconds: number;
  }) => void;
  /** Prometheus text format. */
  readonly expose: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

export function createModelServerMetrics(): ModelServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'cordon_' });
  const inferences = new Counter({
    name: 'cordon_inferences_total',
    help: 'Inferences by HTTP status',
    labelNames: ['status'],
    registers,
  });
  const rows = new Counter({ name: 'cordon_inference_rows_total', help: 'Rows that were read', registers });
  const duration = new Histogram({
    name: 'cordon_inference_seconds',
    help: 'From the request to the answer, waiting for other batches included',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  return {
    inference: (done) => {
      inferences.inc({ status: String(done.status) });
      if (done.status === 200) rows.inc(done.rows);
      duration.observe(done.seconds);
    },
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
