import test from 'ava';
import { abortEverywhere } from '../faults/aborts.ts';
import { jumpClock } from '../faults/clock.ts';
import { killPostgres, killProcess, stopBackends } from '../faults/kills.ts';
import { isClean } from '../faults/scene.ts';
import { deadSink } from '../faults/sinks.ts';

// The same scenarios as `npm run faults`, with fewer rounds. The seed is printed: it draws the moments of the strikes.
const seed = String(Date.now());
const PATIENT_MS = 300_000;

test.serial('kill -9 of the process mid-stream loses, doubles and leaves open nothing', async (t) => {
  t.timeout(PATIENT_MS);
  const report = await killProcess({ rounds: 8, seed });
  t.log(`seed ${seed}`, report);
  t.true(isClean(report));
  t.true(report.interrupted > 0);
});

test.serial('kill -9 of Postgres under load, neither', async (t) => {
  t.timeout(PATIENT_MS);
  const report = await killPostgres({ rounds: 4, seed });
  t.log(`seed ${seed}`, report);
  t.true(isClean(report));
});

test.serial('backends that stand still, neither', async (t) => {
  t.timeout(PATIENT_MS);
  const report = await stopBackends({ rounds: 1, seed });
  t.log(`seed ${seed}`, report);
  t.true(isClean(report));
  t.true(report.interrupted > 0);
});

test.serial('a checkpoint sink that never answers holds up neither calls nor the other sink', async (t) => {
  t.timeout(PATIENT_MS);
  const report = await deadSink();
  t.log(report);
  t.true(isClean(report));
  t.is(report.interrupted, 0);
  t.true(report.checkpoints > 1);
});

test.serial('a caller may leave after any event: the call has its two records', async (t) => {
  t.timeout(PATIENT_MS);
  const report = await abortEverywhere({});
  t.log(report);
  t.true(isClean(report));
  t.true((report.outcomes['client_abort'] ?? 0) > 10);
});

test.serial('a clock that jumps an hour either way loses nothing', async (t) => {
  t.timeout(PATIENT_MS);
  const report = await jumpClock({ rounds: 3, seed });
  t.log(`seed ${seed}`, report);
  t.true(isClean(report));
});
