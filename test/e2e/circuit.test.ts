import test from 'ava';
import { postChat, type TestCordon, userMessage } from '../support/cordon.ts';
import { attemptsOf, startRouted } from '../support/routed.ts';
import {
  type CapturingUpstream,
  completion,
  sendJson,
  startUpstream,
  type UpstreamHandler,
} from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;

test.before(async () => {
  upstream = await startUpstream();
  const settings = 'retry: { attempts: 1 }, breaker: { consecutive_failures: 2, open_ms: 1500 }';
  cordon = await startRouted(
    `runners: [{ id: fragile, base_url: '${upstream.url}', models: ['*'], ${settings} }]\n`,
  );
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

function ask(): Promise<Response> {
  return postChat(cordon, token, userMessage('hello'));
}

test.serial('a circuit opens, is seen, lets one call through, and closes', async (t) => {
  const down: UpstreamHandler = (_, response) => {
    sendJson(response, {}, 503);
  };
  upstream.respond(down);
  const circuit = async (): Promise<unknown> => {
    const ready = (await (await fetch(`${cordon.adminUrl}/readyz`)).json()) as {
      runners: Record<string, unknown>;
    };
    return ready.runners['fragile'];
  };
  t.is(await circuit(), 'closed');
  for (let i = 0; i < 2; i++) t.is((await ask()).status, 503);
  t.is(await circuit(), 'open');
  const metrics = await (await fetch(`${cordon.adminUrl}/metrics`)).text();
  t.regex(metrics, /cordon_runner_circuit\{runner="fragile"\} 2/);
  t.regex(metrics, /cordon_runner_attempts_total\{runner="fragile",outcome="failed"\} 2/);
  const refused = await ask();
  t.is(refused.status, 503);
  t.deepEqual(await attemptsOf(cordon, refused.headers.get('cordon-request-id')), [
    'fragile skipped circuit_open',
  ]);
  t.is(upstream.received.length, 2);
  await new Promise((resolve) => setTimeout(resolve, 1_600));
  t.is((await ask()).status, 503);
  t.is(await circuit(), 'open', 'the probe failed');
  await new Promise((resolve) => setTimeout(resolve, 1_600));
  upstream.respond((_, response) => {
    sendJson(response, completion({ content: 'back' }));
  });
  t.is((await ask()).status, 200);
  t.is(await circuit(), 'closed');
});
