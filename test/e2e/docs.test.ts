import { createHash } from 'node:crypto';
import { type ServerResponse } from 'node:http';
import test from 'ava';
import { startTestCordon, type TestCordon } from '../support/cordon.ts';
import { echoMessage } from '../support/anthropic-upstream.ts';
import { bearer } from '../support/guardrails.ts';
import { plantedIn } from '../support/planted.ts';
import {
  type CapturingUpstream,
  echoHandler,
  type ReceivedRequest,
  sendJson,
  startUpstream,
} from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;

/** A runner that serves every endpoint. */
async function answer(request: ReceivedRequest, response: ServerResponse): Promise<void> {
  const choice = { index: 0, text: 'ok', logprobs: null, finish_reason: 'stop' };
  const part = { type: 'output_text', text: 'ok', annotations: [] };
  const item = { type: 'message', id: 'msg_1', status: 'completed', role: 'assistant', content: [part] };
  const base = { created: 1, model: 'demo' };
  if (request.path === '/v1/responses/input_tokens') sendJson(response, { input_tokens: 1 });
  else if (request.path.startsWith('/v1/responses'))
    sendJson(response, {
      id: 'resp_1',
      object: 'response',
      created_at: 1,
      status: 'completed',
      output: [item],
    });
  else if (request.path === '/v1/completions')
    sendJson(response, { ...base, id: 'cmpl-1', object: 'text_completion', choices: [choice] });
  else if (request.path === '/v1/embeddings')
    sendJson(response, { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.5] }] });
  else if (request.path.startsWith('/v1/chat/completions?')) sendJson(response, { object: 'list', data: [] });
  else if (request.path.startsWith('/v1/messages')) echoMessage(request, response);
  else await echoHandler(request, response);
}

test.before(async () => {
  upstream = await startUpstream(answer);
  cordon = await startTestCordon({ runnerUrl: upstream.url });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

interface Described {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly security: readonly object[];
            readonly parameters?: readonly { readonly name?: string; readonly example?: string }[];
            readonly requestBody?: {
              readonly content: Readonly<
                Record<string, { readonly examples: Readonly<Record<string, { readonly value: unknown }>> }>
              >;
            };
          }
        >
      >
    >
  >;
}

test('every operation of /openapi.json answers 2xx to its own examples under the policy that npm start has', async (t) => {
  const { paths } = (await (await fetch(`${cordon.url}/openapi.json`)).json()) as Described;
  let sent = 0;
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, { security, parameters = [], requestBody }] of Object.entries(item)) {
      const at = parameters.reduce(
        (to, { name = '', example = '' }) => to.replace(`{${name}}`, example),
        path,
      );
      const examples = requestBody?.content['application/json']?.examples ?? { none: { value: undefined } };
      for (const [name, { value }] of Object.entries(examples)) {
        const response = await fetch(`${cordon.url}${at}`, {
          method: method.toUpperCase(),
          headers: {
            ...(security.length === 0 ? {} : bearer(token)),
            ...(value === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(value === undefined ? {} : { body: JSON.stringify(value) }),
        });
        await response.arrayBuffer();
        // What is stored is another test's: to a caller who stored nothing there is nothing.
        const stored = /^\/v1\/(?:responses|chat\/completions)\/\{id\}/.test(path);
        t.is(response.status, stored ? 404 : 200, `${method} ${at} ${name}`);
        sent++;
      }
    }
  }
  t.true(sent >= 28);
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

test('what is open in the document is open, and nothing else', async (t) => {
  const { paths } = (await (await fetch(`${cordon.url}/openapi.json`)).json()) as Described;
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, { security }] of Object.entries(item)) {
      const { status } = await fetch(`${cordon.url}${path}`, { method: method.toUpperCase() });
      t.is(status, security.length === 0 ? 200 : 401, path);
      const wrong = await fetch(`${cordon.url}${path}`, { method: 'PATCH', headers: bearer(token) });
      t.is(wrong.status, 405, path);
      const methods = Object.keys(item).map((one) => one.toUpperCase());
      t.deepEqual(wrong.headers.get('allow')?.split(', ').sort(), methods.sort());
    }
  }
});

test('the page may use its own style and nothing else', async (t) => {
  const response = await fetch(`${cordon.url}/docs`);
  t.is(response.status, 200);
  t.is(response.headers.get('content-type'), 'text/html; charset=utf-8');
  t.is(response.headers.get('x-content-type-options'), 'nosniff');
  const [, style = ''] = /<style>([^]*)<\/style>/.exec(await response.text()) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  t.is(
    response.headers.get('content-security-policy'),
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
});
