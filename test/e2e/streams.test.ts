import { type ServerResponse } from 'node:http';
import test from 'ava';
import { postChat, startTestCordon, type TestCordon } from '../support/cordon.ts';
import { createHandlingPolicy, type HandlingPolicy } from '../support/handling-policy.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, plantedIn } from '../support/planted.ts';
import {
  type CapturingUpstream,
  type ReceivedRequest,
  startStream,
  startUpstream,
} from '../support/upstream.ts';
import { assemble } from '../streams/assemble.ts';
import { type DialectName, DIALECTS } from '../streams/recorded.ts';
import { createRandom } from '../streams/through.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let policy: HandlingPolicy;
let token: string;

const PROMPT = `${ENGLISH_PROMPT}\n${CHINESE_PROMPT} 👩‍👩‍👧`;

interface Wire {
  readonly body: object;
  /** The events in which this dialect says a piece of text, first and last. */
  readonly first: readonly object[];
  readonly delta: (text: string) => object;
  readonly last: (whole: string) => readonly (object | string)[];
}

const MESSAGES = { messages: [{ role: 'user', content: PROMPT }] };
const WIRES: Readonly<Record<DialectName, Wire>> = {
  chat: {
    body: MESSAGES,
    first: [
      { id: 'c', choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] },
    ],
    delta: (content) => ({ id: 'c', choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
    last: () => [{ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, '[DONE]'],
  },
  completions: {
    body: { prompt: PROMPT },
    first: [],
    delta: (text) => ({ id: 'c', choices: [{ index: 0, text, finish_reason: null }] }),
    last: () => [{ id: 'c', choices: [{ index: 0, text: '', finish_reason: 'stop' }] }, '[DONE]'],
  },
  messages: {
    body: { ...MESSAGES, max_tokens: 99 },
    first: [
      {
        type: 'message_start',
        message: {
          id: 'm',
          type: 'message',
          role: 'assistant',
          content: [],
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ],
    delta: (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    last: () => [
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
      { type: 'message_stop' },
    ],
  },
  responses: {
    body: { input: PROMPT, store: false },
    first: [
      {
        type: 'response.created',
        response: { id: 'r', object: 'response', status: 'in_progress', output: [] },
      },
    ],
    delta: (delta) => ({
      type: 'response.output_text.delta',
      item_id: 'm',
      output_index: 0,
      content_index: 0,
      delta,
    }),
    last: (text) => [
      { type: 'response.output_text.done', item_id: 'm', output_index: 0, content_index: 0, text },
      {
        type: 'response.completed',
        response: { id: 'r', object: 'response', status: 'completed', output: [] },
      },
    ],
  },
};

function saidTo({ body }: ReceivedRequest): string {
  const { messages, prompt, input } = JSON.parse(body) as {
    readonly messages?: readonly { readonly content: string }[];
    readonly prompt?: string;
    readonly input?: string;
  };
  return messages?.at(-1)?.content ?? prompt ?? input ?? '';
}

function sse(event: object | string): string {
  return `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`;
}

/** Two characters a delta, and the bytes in pieces of one to forty, each in a turn of its own. */
async function answerInPieces(
  wire: Wire,
  said: string,
  response: ServerResponse,
  seed: number,
): Promise<void> {
  const deltas = (said.match(/[\s\S]{1,2}/g) ?? []).map(wire.delta);
  const bytes = Buffer.from([...wire.first, ...deltas, ...wire.last(said)].map(sse).join(''));
  const random = createRandom(seed);
  startStream(response);
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + random(40);
    response.write(bytes.subarray(at, end));
    at = end;
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

function eventsOf(heard: string): readonly string[] {
  return [...heard.matchAll(/^data: (\{[^\n]*\})$/gm)].map(([, data = '']) => data);
}

test.before(async () => {
  upstream = await startUpstream();
  policy = await createHandlingPolicy({ '*': 'pseudonymise' });
  cordon = await startTestCordon({ runnerUrl: upstream.url, replace: { policy } });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

for (const [name, wire] of Object.entries(WIRES) as [DialectName, Wire][]) {
  const path = `/v1${DIALECTS[name].path}`;
  const body = { model: 'demo', stream: true, ...wire.body };

  for (const handling of ['pseudonymise', 'surrogate'] as const) {
    test.serial(
      `${name}, ${handling}: cut anywhere on the wire, what leaves is protected and what comes back is whole`,
      async (t) => {
        await policy.handle({ '*': handling });
        for (const seed of [11, 23, 42]) {
          upstream.received.length = 0;
          upstream.respond((request, response) => answerInPieces(wire, saidTo(request), response, seed));
          const response = await postChat(cordon, token, body, { path });
          const heard = await response.text();
          t.is(response.status, 200, heard);
          t.deepEqual(plantedIn(upstream.bytes()), []);
          t.deepEqual(Object.values(assemble(name, eventsOf(heard))), [PROMPT], `seed ${seed}`);
        }
      },
    );
  }

  test.serial(
    `${name}: the caller reads the first words while the runner still has the rest to say`,
    async (t) => {
      await policy.handle({ '*': 'pseudonymise' });
      let goOn: (() => void) | undefined;
      const heardFirst = new Promise<void>((resolve) => (goOn = resolve));
      upstream.respond(async (request, response) => {
        const said = saidTo(request);
        startStream(response);
        response.write([...wire.first, wire.delta(said.slice(0, 90))].map(sse).join(''));
        // Never resolves when the proxy waits for more before it says anything.
        await heardFirst;
        response.end([wire.delta(said.slice(90)), ...wire.last(said)].map(sse).join(''));
      });
      const response = await postChat(cordon, token, body, { path });
      let heard = '';
      for await (const piece of response.body ?? []) {
        heard += Buffer.from(piece as Uint8Array).toString();
        if (heard.includes('Maria Gonzalez')) goOn?.();
      }
      t.deepEqual(Object.values(assemble(name, eventsOf(heard))), [PROMPT]);
    },
  );
}
