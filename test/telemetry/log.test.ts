import test from 'ava';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

test('an event is one JSON line with its level', (t) => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  log({ event: 'policy_loaded', hash: 'abc' });
  log({ event: 'call_failed', requestId: 'r', code: 'internal_error', detail: 'TypeError' });
  const parsed = lines.map((line) => JSON.parse(line) as { event: string; level: number });
  t.deepEqual(
    parsed.map(({ event, level }) => [event, level]),
    [
      ['policy_loaded', 30],
      ['call_failed', 40],
    ],
  );
});

test('metrics count calls by operation and outcome and read the audit queue when asked', async (t) => {
  let queued = 3;
  const metrics = createMetrics({
    auditQueue: () => queued,
    circuits: () => ({}),
    policyReviews: () => Promise.resolve(0),
  });
  metrics.callFinished('chat', 'complete', 0.2);
  metrics.callRefused('entity_blocked');
  t.regex((await metrics.expose()).body, /cordon_calls_total\{operation="chat",outcome="complete"\} 1/);
  queued = 5;
  const { body } = await metrics.expose();
  t.regex(body, /cordon_audit_queue_records 5/);
  t.regex(body, /cordon_refusals_total\{code="entity_blocked"\} 1/);
});
