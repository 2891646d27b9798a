import { type ServerResponse } from 'node:http';
import { EVERY_FAMILY, FAMILIES } from './families.ts';
import { type Product } from './product.ts';
import { sendJson, startStream } from '../support/upstream.ts';
import { type Position } from './walker.ts';

/** What becomes of a placeholder at a place of an answer. `kept`: the caller gets it as it is; `dropped`: not at all. */
export type AnswerClass = 'text' | 'kept' | 'dropped' | 'refused' | `DEFECT: ${string}`;

/** The smallest request of each endpoint that says something, and where the upstream finds that again. */
const ASKED: Readonly<Record<string, { readonly body: object; readonly heard: (body: string) => string }>> = {
  'chat/completions': {
    body: { model: 'demo', messages: [{ role: 'user', content: EVERY_FAMILY }] },
    heard: lastMessage,
  },
  messages: {
    body: { model: 'demo', max_tokens: 9, messages: [{ role: 'user', content: EVERY_FAMILY }] },
    heard: lastMessage,
  },
  completions: {
    body: { model: 'demo', prompt: EVERY_FAMILY },
    heard: (body) => (JSON.parse(body) as { readonly prompt: string }).prompt,
  },
  responses: {
    body: { model: 'demo', input: EVERY_FAMILY },
    heard: (body) => (JSON.parse(body) as { readonly input: string }).input,
  },
};

function lastMessage(body: string): string {
  const { messages } = JSON.parse(body) as { readonly messages: readonly { readonly content: string }[] };
  return messages.at(-1)?.content ?? '';
}

const LAST: Readonly<Record<string, string>> = {
  'chat/completions': 'data: [DONE]\n\n',
  completions: 'data: [DONE]\n\n',
  messages: 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  responses:
    'event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_1","object":"response","output":[]}}\n\n',
};
const ENDS = new Set([
  ...['message_stop', 'response.completed', 'response.incomplete', 'response.failed', 'response.cancelled'],
]);

/** Has the upstream put what it was asked with at this place of its answer, and says what the caller got of it. */
export async function answerClassOf(
  product: Product,
  surface: string,
  position: Position,
  streamed: boolean,
): Promise<AnswerClass> {
  const asked = ASKED[surface];
  if (asked === undefined) throw new Error(`nothing to ask ${surface}`);
  const protectedTexts: string[] = [];
  product.upstream.respond((request, response) => {
    const text = asked.heard(request.body);
    protectedTexts.push(text);
    const answer = position.build(text);
    if (streamed) streamOne(surface, response, answer);
    else sendJson(response, answer);
  });
  const outcome = await product.send(surface, { ...asked.body, ...(streamed ? { stream: true } : {}) });
  if (outcome.left === '') return 'DEFECT: nothing was asked';
  if (outcome.status >= 500) return 'refused';
  const said = streamed ? saidAt(outcome.heard, position) : outcome.heard;
  const back = Object.values(FAMILIES).filter(
    ({ restored, sentence }) => restored && said.includes(sentence),
  );
  if (back.length === 0) {
    return protectedTexts.some((text) => outcome.heard.includes(text)) ? 'kept' : 'dropped';
  }
  const whole = Object.values(FAMILIES).filter(({ restored }) => restored).length;
  return back.length === whole ? 'text' : `DEFECT: ${back.length} of ${whole} families restored`;
}

function streamOne(surface: string, response: ServerResponse, event: unknown): void {
  const { type } = event as { readonly type?: string };
  startStream(response);
  if (type !== undefined) response.write(`event: ${type}\n`);
  response.write(`data: ${JSON.stringify(event)}\n\n`);
  response.end(type !== undefined && ENDS.has(type) ? '' : LAST[surface]);
}

/** What a client adds up from the events: a text held back comes in two. */
function saidAt(heard: string, position: Position): string {
  const name = position.at.findLast((step) => step !== '0') ?? '';
  const events = [...heard.matchAll(/^data: (\{.*\})$/gm)].map(
    ([, data = '']) => JSON.parse(data) as unknown,
  );
  return events.map((event) => stringsUnder(event, name, '')).join('');
}

/** The strings under this name, names of names too. */
function stringsUnder(value: unknown, name: string, under: string): string {
  if (typeof value === 'string') return under === name ? value : '';
  if (typeof value !== 'object' || value === null) return '';
  if (Array.isArray(value)) return value.map((one) => stringsUnder(one, name, under)).join('');
  const names = under === name ? Object.keys(value).join('') : '';
  return (
    names +
    Object.entries(value)
      .map(([key, below]) => stringsUnder(below, name, under === name && below !== null ? name : key))
      .join('')
  );
}
