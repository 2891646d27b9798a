import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { type ErrorCode } from '../domain/errors.ts';
import { type Outcome } from '../domain/record.ts';
import { type Attempt, type CircuitState } from '../domain/runner.ts';

export type Stage = 'admit' | 'inspect' | 'protect' | 'record' | 'forward' | 'finish';

/** What is counted. Every label comes from a closed union or the configuration: nothing a caller writes becomes one. */
export interface Metrics {
  readonly callFinished: (operation: string, outcome: Outcome, seconds: number) => void;
  readonly callRefused: (code: ErrorCode) => void;
  readonly stage: (stage: Stage, seconds: number) => void;
  readonly entitiesFound: (count: number) => void;
  readonly attempt: (attempt: Attempt) => void;
  readonly inFlight: (open: number) => void;
  /** Prometheus text format. */
  readonly expose: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

const OPENNESS: Readonly<Record<CircuitState, number>> = { closed: 0, half_open: 1, open: 2 };

export function createMetrics(gauges: {
  readonly auditQueue: () => number;
  /** By runner. */
  readonly circuits: () => Readonly<Record<string, CircuitState>>;
  /** Emergency changes of the policy that nobody reviewed. */
  readonly policyReviews: () => Promise<number>;
}): Metrics {
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
  const attempts = new Counter({
    name: 'cordon_runner_attempts_total',
    help: 'Tries to have a call answered, by runner and outcome',
    labelNames: ['runner', 'outcome'],
    registers,
  });
  new Gauge({
    name: 'cordon_runner_circuit',
    help: 'Circuit breaker of each runner: 0 closed, 1 half open, 2 open',
    labelNames: ['runner'],
    registers,
    collect(): void {
      for (const [runner, state] of Object.entries(gauges.circuits())) this.set({ runner }, OPENNESS[state]);
    },
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
  new Gauge({
    name: 'cordon_policy_reviews_outstanding',
    help: 'Emergency denials and broken glass that wait for a review',
    registers,
    async collect(): Promise<void> {
      // A database that does not answer must not take the other metrics along.
      this.set(await gauges.policyReviews().catch(() => Number.NaN));
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
    attempt: ({ runner, outcome }) => {
      attempts.inc({ runner, outcome });
    },
    inFlight: (open) => {
      inFlight.set(open);
    },
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
