import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { type ErrorCode } from '../domain/errors.ts';
import { type Outcome } from '../domain/record.ts';

export type Stage = 'admit' | 'inspect' | 'protect' | 'record' | 'forward' | 'finish';

/** What is counted. Every label comes from a closed union, so nothing a caller writes can become one. */
export interface Metrics {
  readonly callFinished: (operation: string, outcome: Outcome, seconds: number) => void;
  readonly callRefused: (code: ErrorCode) => void;
  readonly stage: (stage: Stage, seconds: number) => void;
  readonly entitiesFound: (count: number) => void;
  readonly inFlight: (open: number) => void;
  /** Prometheus text format. */
  readonly expose: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

export function createMetrics(gauges: { readonly auditQueue: () => number }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'cordon_' });
  const calls = new Counter({
    name: 'cordon_calls_total',
    help: 'Calls by operation and outcome',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const refusals = new Counter({
    name: 'cordon_refusals_total',
    help: 'Refused calls by code',
    labelNames: ['code'],
    registers,
  });
  const duration = new Histogram({
    name: 'cordon_call_seconds',
    help: 'Call duration, first byte in to last byte out',
    labelNames: ['operation'],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120],
    registers,
  });
  const stages = new Histogram({
    name: 'cordon_stage_seconds',
    help: 'Time in each stage of a call',
    labelNames: ['stage'],
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers,
  });
  const entities = new Counter({
    name: 'cordon_entities_total',
    help: 'Pieces of personal data found',
    registers,
  });
  const inFlight = new Gauge({ name: 'cordon_calls_in_flight', help: 'Calls being handled', registers });
  new Gauge({
    name: 'cordon_audit_queue_records',
    help: 'Audit records waiting for the next commit',
    registers,
    collect(): void {
      this.set(gauges.auditQueue());
    },
  });
  return {
    callFinished(operation, outcome, seconds): void {
      calls.inc({ operation, outcome });
      duration.observe({ operation }, seconds);
    },
    callRefused: (code) => {
      refusals.inc({ code });
    },
    stage: (stage, seconds) => {
      stages.observe({ stage }, seconds);
    },
    entitiesFound: (count) => {
      entities.inc(count);
    },
    inFlight: (open) => {
      inFlight.set(open);
    },
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
