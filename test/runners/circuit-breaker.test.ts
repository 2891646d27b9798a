import test from 'ava';
import { CordonError } from '../../src/domain/errors.ts';
import { type RunnerResponse } from '../../src/domain/runner.ts';
import { createCircuit } from '../../src/runners/circuit-breaker.ts';

const make = () =>
  createCircuit({ consecutiveFailures: 2, failureRatio: 0.5, window: 10, minimumCalls: 10, openMs: 60_000 });
const timeout = new CordonError('upstream_timeout', 'slow');
const fail = (): Promise<RunnerResponse> => Promise.reject(timeout);

test('what a runner fails at opens its circuit', async (t) => {
  const circuit = make();
  const { signal } = new AbortController();
  for (let i = 0; i < 2; i++) t.is(await t.throwsAsync(circuit.run(fail, signal)), timeout);
  t.is(circuit.state(), 'open');
  await t.throwsAsync(circuit.run(fail, signal), { code: 'upstream_unavailable' });
});

test('callers that leave, or have no more time, open no circuit', async (t) => {
  const circuit = make();
  for (const reason of [timeout, new CordonError('client_closed_request', 'gone')]) {
    for (let i = 0; i < 5; i++) {
      const stop = new AbortController();
      const call = circuit.run(() => {
        stop.abort(reason);
        return Promise.reject(reason);
      }, stop.signal);
      t.is(await t.throwsAsync(call), reason);
    }
  }
  t.is(circuit.state(), 'closed');
});

test('a call given up in between does not undo what failed before it', async (t) => {
  const circuit = make();
  const { signal } = new AbortController();
  await t.throwsAsync(circuit.run(fail, signal));
  await t.throwsAsync(circuit.run(fail, AbortSignal.abort()));
  t.is(circuit.state(), 'closed');
  await t.throwsAsync(circuit.run(fail, signal));
  t.is(circuit.state(), 'open');
});
