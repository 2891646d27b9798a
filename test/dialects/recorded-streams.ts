import { type Revealer } from '../../src/domain/reveal.ts';
import { protectTexts } from '../redact/calls.ts';

/** Values that hurt: quotes and a newline in a name, letters outside ASCII, a value that spells a placeholder. */
export const ZOE = 'Zoë "Zed"\nO’Neil 😀';
export const TRICK = 'Bob <PERSON_1>';
export const MAIL = 'zoe@example.com';
export const FORGED = '<PERSON_2>';

const KNOWN = [
  { value: ZOE, entity: 'PERSON' },
  { value: TRICK, entity: 'PERSON' },
  { value: MAIL, entity: 'EMAIL_ADDRESS' },
];

/** PERSON_1 is ZOE, PERSON_2 TRICK, EMAIL_ADDRESS_1 MAIL, LITERAL_1 the forged `<PERSON_2>`. */
export function recordedRevealer(): Revealer {
  return protectTexts([`${ZOE} ${TRICK} ${MAIL} ${FORGED}`], KNOWN).revealer;
}

export interface RecordedStream {
  readonly title: string;
  readonly answer: 'text' | 'json';
  /** Bytes as a runner sent them. */
  readonly source: string;
  /** Texts that must be in the restored answer, found under their place: `0.content`, `1.tool_calls.0`. */
  readonly restored: Readonly<Record<string, string>>;
}

const HEAD = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1700000000, model: 'm' };

function chunk(index: number, delta: object, finish: string | null = null): string {
  return event(
    JSON.stringify({ ...HEAD, choices: [{ index, delta, logprobs: null, finish_reason: finish }] }),
  );
}

function event(data: string): string {
  return `data: ${data}\n\n`;
}

/** As Python's json.dumps writes it. */
function ascii(source: string): string {
  return source.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const USAGE = event(
  JSON.stringify({
    ...HEAD,
    choices: [],
    usage: { prompt_tokens: 12, completion_tokens: 34, total_tokens: 46 },
  }),
);
const DONE = event('[DONE]');

function contents(index: number, pieces: readonly string[]): string {
  return pieces.map((content) => chunk(index, { content })).join('');
}

function call(choice: number, index: number, text: string): string {
  return chunk(choice, { tool_calls: [{ index, function: { arguments: text } }] });
}

function opened(index: number, name: string): string {
  const tool = { index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } };
  return chunk(0, { tool_calls: [tool] });
}

export const STREAMS: readonly RecordedStream[] = [
  {
    title: 'content in tokens, multi-byte text, usage',
    answer: 'text',
    source: [
      ': ping\n\n',
      chunk(0, { role: 'assistant', content: '' }),
      contents(0, [
        'Grüße, ',
        '<',
        'PER',
        'SON',
        '_',
        '1',
        '>',
        ' 你好 😀 **<',
        'person 2>',
        '** &lt;PERSON_1',
        '&gt; ',
      ]),
      contents(0, [
        'PERSON',
        '_1',
        "'s <PERSON_1",
        '0> <LITERAL',
        '_1> <PERSON',
        '_7> and a <tag> <EMAIL_ADDRESS',
        '_1',
      ]),
      chunk(0, {}, 'stop'),
      USAGE,
      DONE,
    ].join(''),
    restored: {
      '0.content':
        `Grüße, ${ZOE} 你好 😀 **${TRICK}** ${ZOE} ${ZOE}'s <PERSON_10> ${FORGED} <PERSON_7> and a <tag> <EMAIL_ADDRESS_1`.replace(
          /<EMAIL_ADDRESS_1$/,
          `<${MAIL}`,
        ),
    },
  },
  {
    title: 'two tool calls, interleaved, with JSON escapes',
    answer: 'text',
    source: [
      chunk(0, { role: 'assistant', content: null }),
      opened(0, 'send'),
      call(0, 0, '{"to": "\\u00'),
      opened(1, 'note'),
      call(0, 1, '{"text": "Dear\\nPERS'),
      call(0, 0, '3cPERSON_1\\u0'),
      call(0, 1, 'ON_1, \\\\u003c<PERSON'),
      call(0, 0, '03e", "cc": ["<EMAIL_ADDRESS_1>"]'),
      call(0, 1, '_2>"}'),
      call(0, 0, '}'),
      chunk(0, {}, 'tool_calls'),
      DONE,
    ].join(''),
    restored: {
      '0.tool_calls.0': JSON.stringify({ to: ZOE, cc: [MAIL] }),
      '0.tool_calls.1': JSON.stringify({ text: `Dear\n${ZOE}, \\u003c${TRICK}` }),
    },
  },
  {
    title: 'two choices, interleaved',
    answer: 'text',
    source: [
      chunk(0, { role: 'assistant', content: 'A: <PERSON' }),
      chunk(1, { role: 'assistant', content: 'B: <EMAIL_ADD' }),
      contents(0, ['_1> said <PERS']),
      contents(1, ['RESS_1> or PERSON_2']),
      chunk(1, {}, 'stop'),
      contents(0, ['ON_2']),
      event(
        JSON.stringify({
          ...HEAD,
          choices: [
            { index: 1, delta: {}, finish_reason: null },
            { index: 0, delta: { content: '>' }, finish_reason: 'length' },
          ],
        }),
      ),
      USAGE,
      DONE,
    ].join(''),
    restored: { '0.content': `A: ${ZOE} said ${TRICK}`, '1.content': `B: ${MAIL} or ${TRICK}` },
  },
  {
    title: 'keys sorted, letters escaped, reasoning, carriage returns, no blank line at the end',
    answer: 'text',
    source: [
      ['reasoning_content', 'Zoë? <PERSON_'],
      ['content', 'Hé <PER'],
      ['reasoning_content', '1>… '],
      ['refusal', '<EMAIL_ADDRESS_1'],
      ['content', 'SON_2> 😀'],
    ]
      .map(([field = '', text = '']) => {
        const choice = { delta: { [field]: text }, finish_reason: null, index: 0 };
        return `data: ${ascii(JSON.stringify({ choices: [choice], ...HEAD }))}\r\n\r\n`;
      })
      .concat(
        `data: ${JSON.stringify({ choices: [{ delta: { content: ' PERSON_1' }, finish_reason: 'stop', index: 0 }], ...HEAD })}\r\n\r\n`,
      )
      .concat('data: [DONE]')
      .join(''),
    restored: {
      '0.reasoning_content': `Zoë? ${ZOE}… `,
      '0.content': `Hé ${TRICK} 😀 ${ZOE}`,
      '0.refusal': `<${MAIL}`,
    },
  },
  {
    title: 'an answer asked for as JSON, cut off without an end',
    answer: 'json',
    source: [
      chunk(0, { role: 'assistant', content: '{"name":"<PER' }),
      contents(0, ['SON_1>","mail":"\\u003cEMAIL', '_ADDRESS_1\\u003e"}', ' <PERSON_1']),
    ].join(''),
    restored: {
      '0.content': `${JSON.stringify({ name: ZOE, mail: MAIL })} <${JSON.stringify(ZOE).slice(1, -1)}`,
    },
  },
];
