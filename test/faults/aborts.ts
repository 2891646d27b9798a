import { startTestCordon } from '../support/cordon.ts';
import { PLANTED } from '../support/planted.ts';
import { type CapturingUpstream, startStream, startUpstream } from '../support/upstream.ts';
import { Callers, examine, type FaultReport, pause, until } from './scene.ts';

/** An application's call in one dialect, and what its runner streams in answer, event by event. */
interface Surface {
  readonly path: string;
  readonly body: object;
  readonly events: readonly string[];
}

const PIECES = 12;
const TEXT = `write to ${PLANTED.email}`;

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const event = (type: string, rest: object = {}): string => `event: ${type}\n${data({ type, ...rest })}`;
const pieces = (make: (text: string) => string): readonly string[] =>
  Array.from({ length: PIECES }, (_, i) => make(`piece ${i} `));

function chatEvent(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return data({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'demo',
    choices,
  });
}

const MESSAGE = {
  ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'demo', content: [], stop_reason: null },
  ...{ stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } },
};

const SURFACES: readonly Surface[] = [
  {
    path: '/v1/chat/completions',
    body: { model: 'demo', stream: true, messages: [{ role: 'user', content: TEXT }] },
    events: [
      chatEvent({ role: 'assistant', content: '' }),
      ...pieces((content) => chatEvent({ content })),
      chatEvent({}, 'stop'),
      'data: [DONE]\n\n',
    ],
  },
  {
    path: '/v1/messages',
    body: { model: 'demo', stream: true, max_tokens: 100, messages: [{ role: 'user', content: TEXT }] },
    events: [
      event('message_start', { message: MESSAGE }),
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      ...pieces((text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
      event('content_block_stop', { index: 0 }),
      event('message_delta', {
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: 9 },
      }),
      event('message_stop'),
    ],
  },
];

/** The caller leaves after each event of a stream in turn, in each dialect; each call has exactly its two records. */
export async function abortEverywhere(options: {
  readonly onProgress?: (call: number) => void;
}): Promise<FaultReport & { readonly outcomes: Readonly<Record<string, number>> }> {
  const callers = new Callers();
  const upstream = await startAnswering();
  const cordon = await startTestCordon({ runnerUrl: upstream.url });
  const outcomes: Record<string, number> = {};
  let call = 0;
  try {
    const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
    for (const { path, body, events } of SURFACES) {
      for (let after = 0; after <= events.length + 2; after++) {
        const { id, ended } = await readAndLeave(`${cordon.url}${path}`, token, body, after);
        let outcome = '';
        await until('the call is closed in the record', 30, async () => {
          const found = (await cordon.audit.show(id))?.completion?.data['outcome'];
          outcome = typeof found === 'string' ? found : '';
          return outcome !== '';
        });
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        if (ended) callers.acknowledged.push(id);
        else callers.interrupted += 1;
        options.onProgress?.(++call);
      }
    }
    return { ...(await examine(cordon.audit, upstream, callers)), outcomes };
  } finally {
    await cordon.dispose();
    await upstream.close();
  }
}

async function startAnswering(): Promise<CapturingUpstream> {
  return startUpstream(async ({ path }, response) => {
    const events = SURFACES.find((surface) => path.endsWith(surface.path.slice(3)))?.events ?? [];
    startStream(response);
    for (const text of events) {
      if (response.destroyed) return;
      response.write(text);
      await pause(2);
    }
    response.end();
  });
}

/** Reads `count` events, then closes the connection; `ended` when the answer was over by then. */
async function readAndLeave(
  url: string,
  token: string,
  body: object,
  count: number,
): Promise<{ readonly id: string; readonly ended: boolean }> {
  const controller = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    signal: controller.signal,
  });
  const id = response.headers.get('cordon-request-id') ?? '';
  if (!response.ok || response.body === null)
    throw new Error(`the call was refused: ${await response.text()}`);
  const decoder = new TextDecoder();
  let text = '';
  const isOver = (): boolean => text.endsWith('data: [DONE]\n\n') || text.includes('event: message_stop');
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  while (text.split('\n\n').length - 1 < count) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  const ended = isOver();
  controller.abort();
  return { id, ended };
}
