import { FORGED, MAIL, TRICK, ZOE } from './recorded-streams.ts';

export interface RecordedMessages {
  readonly title: string;
  readonly answer: 'text' | 'json';
  /** Bytes as the vendor sends them. */
  readonly source: string;
  /** By block and kind of text: `0.text`, `1.thinking`, `2.partial_json`. */
  readonly restored: Readonly<Record<string, string>>;
  readonly complete: boolean;
}

export function event(data: { readonly type: string; readonly [key: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function start(usage: object = { input_tokens: 12, cache_read_input_tokens: 30, output_tokens: 1 }): string {
  return event({
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-5',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage,
    },
  });
}

function begin(index: number, block: object): string {
  return event({ type: 'content_block_start', index, content_block: block });
}

function delta(index: number, part: object): string {
  return event({ type: 'content_block_delta', index, delta: part });
}

function stop(index: number): string {
  return event({ type: 'content_block_stop', index });
}

function end(reason: string, sequence: string | null = null): string {
  return (
    event({
      type: 'message_delta',
      delta: { stop_reason: reason, stop_sequence: sequence },
      usage: { output_tokens: 34 },
    }) + event({ type: 'message_stop' })
  );
}

function texts(index: number, pieces: readonly string[]): string {
  return pieces.map((text) => delta(index, { type: 'text_delta', text })).join('');
}

function input(index: number, pieces: readonly string[]): string {
  return pieces.map((json) => delta(index, { type: 'input_json_delta', partial_json: json })).join('');
}

const SIGNATURE = 'EqQBCgIYAhIkMGFmOGQ3'.repeat(5);

export const MESSAGE_STREAMS: readonly RecordedMessages[] = [
  {
    title: 'text in tokens, multi-byte text, a ping',
    answer: 'text',
    complete: true,
    source: [
      start(),
      begin(0, { type: 'text', text: '' }),
      event({ type: 'ping' }),
      texts(0, ['Grüße, ', '<', 'PER', 'SON', '_', '1', '>', ' 你好 😀 **<', 'person 2>', '** &lt;PERSON_1']),
      texts(0, ['&gt; PERSON', '_1', "'s <LITERAL", '_1> <PERSON', '_7> <EMAIL_ADDRESS', '_1']),
      stop(0),
      end('stop_sequence', '<EMAIL_ADDRESS_1>'),
    ].join(''),
    restored: {
      '0.text': `Grüße, ${ZOE} 你好 😀 **${TRICK}** ${ZOE} ${ZOE}'s ${FORGED} <PERSON_7> <${MAIL}`,
      stop_sequence: MAIL,
    },
  },
  {
    title: 'thinking with its signature, then text and two tools',
    answer: 'text',
    complete: true,
    source: [
      start(),
      begin(0, { type: 'thinking', thinking: '', signature: '' }),
      ...['It is <PER', 'SON_1>, or PERS', 'ON_2'].map((thinking) =>
        delta(0, { type: 'thinking_delta', thinking }),
      ),
      delta(0, { type: 'signature_delta', signature: SIGNATURE }),
      stop(0),
      begin(1, { type: 'redacted_thinking', data: SIGNATURE }),
      stop(1),
      begin(2, { type: 'text', text: 'To <PERS' }),
      texts(2, ['ON_2>']),
      stop(2),
      begin(3, { type: 'tool_use', id: 'toolu_1', name: 'send', input: {} }),
      input(3, [
        '',
        '{"to": "\\u00',
        '3cPERSON_1\\u0',
        '03e", "cc": ["<EMAIL_ADDRESS_1>"]',
        ', "<PERSON',
        '_2>": 1}',
      ]),
      stop(3),
      begin(4, { type: 'tool_use', id: 'toolu_2', name: 'note', input: {} }),
      input(4, ['{"text": "Dear\\nPERS', 'ON_1, \\\\u003c<PERSON', '_2>"}']),
      stop(4),
      end('tool_use'),
    ].join(''),
    restored: {
      '0.thinking': `It is ${ZOE}, or ${TRICK}`,
      '0.signature': SIGNATURE,
      '2.text': `To ${TRICK}`,
      '3.partial_json': JSON.stringify({ to: ZOE, cc: [MAIL], [TRICK]: 1 }),
      '4.partial_json': JSON.stringify({ text: `Dear\n${ZOE}, \\u003c${TRICK}` }),
    },
  },
  {
    title: 'a search by the vendor, citations, keys in another order, no name lines, carriage returns',
    answer: 'text',
    complete: true,
    source: [
      start(),
      begin(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }),
      input(0, ['{"query": "<PERS', 'ON_1> address"}']),
      stop(0),
      begin(1, {
        type: 'web_search_tool_result',
        tool_use_id: 'srvtoolu_1',
        content: [
          {
            type: 'web_search_result',
            title: 'On <PERSON_1>',
            url: 'https://x.example',
            encrypted_content: SIGNATURE,
          },
        ],
      }),
      stop(1),
      begin(2, { type: 'text', text: '', citations: [] }),
      delta(2, {
        type: 'citations_delta',
        citation: {
          type: 'web_search_result_location',
          cited_text: 'PERSON_1 lives',
          title: '<PERSON_1>',
          url: 'x',
        },
      }),
      texts(2, ['<PERSON_1', '> 😀']),
      stop(2),
      end('end_turn'),
    ]
      .join('')
      .replace(/^event: .*\n/gm, '')
      .replace(
        /\{"type":"content_block_delta","index":(\d),"delta":(.*)\}$/gm,
        '{"delta":$2,"index":$1,"type":"content_block_delta"}',
      )
      .replaceAll('\n', '\r\n'),
    restored: {
      '0.partial_json': JSON.stringify({ query: `${ZOE} address` }),
      '1.title': `On ${ZOE}`,
      '2.cited_text': `${ZOE} lives`,
      '2.text': `${ZOE} 😀`,
    },
  },
  {
    title: 'an answer asked for as JSON, interleaved blocks, cut off without an end',
    answer: 'json',
    complete: false,
    source: [
      start(),
      begin(0, { type: 'text', text: '' }),
      begin(1, { type: 'text', text: '' }),
      texts(0, ['{"name":"<PER']),
      texts(1, ['{"mail":"<EMAIL_ADD']),
      texts(0, ['SON_1>"}']),
      texts(1, ['RESS_1>"} <PERSON_2']),
    ].join(''),
    restored: {
      '0.text': JSON.stringify({ name: ZOE }),
      '1.text': `${JSON.stringify({ mail: MAIL })} <${TRICK}`,
    },
  },
];

interface Block {
  readonly type?: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly content?: readonly { readonly title?: string }[];
}
interface Event {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: Block;
  readonly delta?: Readonly<Record<string, unknown>> & {
    readonly citation?: { readonly cited_text: string };
  };
}

/** What a client that adds up deltas ends with. */
export function assembledMessage(events: readonly string[]): Record<string, string> {
  const result: Record<string, string> = {};
  const add = (place: string, text: unknown) => {
    if (typeof text === 'string') result[place] = (result[place] ?? '') + text;
  };
  for (const data of events) {
    const { type, index, content_block: block, delta: part } = JSON.parse(data) as Event;
    add(`${index}.text`, block?.text);
    add(`${index}.thinking`, block?.thinking);
    add(`${index}.title`, block?.content?.[0]?.title);
    add(`${index}.cited_text`, part?.citation?.cited_text);
    if (type === 'message_delta') add('stop_sequence', part?.['stop_sequence']);
    else {
      for (const name of ['text', 'thinking', 'partial_json', 'signature'])
        add(`${index}.${name}`, part?.[name]);
    }
  }
  return Object.fromEntries(Object.entries(result).filter(([, text]) => text !== ''));
}
