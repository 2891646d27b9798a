import { PLANTED } from './output-reading.ts';

/** An answer, whole or as the events of a stream, that says a value where one may fail to look. */
export interface Hidden {
  readonly path: '/v1/chat/completions' | '/v1/completions' | '/v1/messages' | '/v1/responses';
  readonly answer: object | readonly object[];
  readonly value: string;
  /** The policy masks every entity, not only numbers and secrets. */
  readonly everything?: true;
}

/** What each answer says beside the value. */
export const SAID = 'quite ordinary words';

export const CARD = PLANTED.card;
export const MAIL = 'jane.roe@corp-mail.com';
export const DIGITS = Number(PLANTED.card.replaceAll(' ', ''));
export const CHUNK = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'demo' };

export const pieces = (text: string, size = 3): readonly string[] =>
  text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? [];
export const escaped = (text: string): string =>
  text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const chunk = (delta: object, more: object = {}): object => ({
  ...CHUNK,
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});
export const FINISH = { ...CHUNK, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
export const chat = (message: object, more: object = {}): object => ({
  ...CHUNK,
  object: 'chat.completion',
  choices: [
    { index: 0, message: { role: 'assistant', content: SAID, ...message }, finish_reason: 'stop', ...more },
  ],
});
export const called = (args: unknown): object => ({
  tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: args } }],
});
export const streamed = (text: string, delta: (piece: string) => object): readonly object[] => [
  chunk({ content: SAID }),
  ...pieces(text).map((piece) => chunk(delta(piece))),
  FINISH,
];
export const chatWay = (answer: object | readonly object[], value: string = CARD): Hidden => ({
  path: '/v1/chat/completions',
  answer,
  value,
});

export const message = (content: readonly object[]): object => ({
  ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'demo', stop_reason: 'end_turn' },
  ...{ content: [{ type: 'text', text: SAID }, ...content], usage: { input_tokens: 1, output_tokens: 1 } },
});
export const block = (begin: object, deltas: readonly object[]): readonly object[] => [
  { type: 'message_start', message: message([]) },
  { type: 'content_block_start', index: 1, content_block: begin },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index: 1, delta })),
  { type: 'content_block_stop', index: 1 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } },
  { type: 'message_stop' },
];
export const messageWay = (answer: object | readonly object[], value: string = CARD): Hidden => ({
  path: '/v1/messages',
  answer,
  value,
});

export const response = (output: readonly object[]): object => ({
  ...{ id: 'resp_1', object: 'response', created_at: 1, status: 'completed', model: 'demo' },
  output: [said(SAID), ...output],
});
export const said = (text: string, more: object = {}): object => ({
  ...{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed' },
  content: [{ type: 'output_text', text, annotations: [], logprobs: [], ...more }],
});
export const AT = { item_id: 'msg_1', output_index: 1, content_index: 0 };
export const events = (...before: readonly object[]): readonly object[] =>
  [...before, { type: 'response.completed', response: response([]) }].map((event, i) => ({
    ...event,
    sequence_number: i,
  }));
export const responseWay = (answer: object | readonly object[], value: string = CARD): Hidden => ({
  path: '/v1/responses',
  answer,
  value,
});

export const CITATION = {
  type: 'url_citation',
  url: `https://www.example.net/?card=${DIGITS}`,
  title: `About ${CARD}`,
  start_index: 0,
  end_index: 5,
};
export const HIDDEN_JSON = `{"note":"${escaped(CARD)}","deep":"{\\"card\\":\\"${escaped(CARD).replaceAll('\\', '\\\\')}\\"}"}`;
export const tokensOf = (text: string): readonly object[] =>
  pieces(text).map((token) => ({ token, logprob: -1, bytes: [...Buffer.from(token)], top_logprobs: [] }));
