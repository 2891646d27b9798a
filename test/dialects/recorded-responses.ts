import { MAIL, TRICK, ZOE } from './recorded-streams.ts';

export interface RecordedResponse {
  readonly title: string;
  readonly format: 'text' | 'json';
  /** Bytes as a runner sent them. */
  readonly source: string;
  /** What the texts must come to, by `output_index.kind.index`. */
  readonly restored: Readonly<Record<string, string>>;
}

interface Text {
  readonly kind: 'output_text' | 'refusal' | 'reasoning_text' | 'reasoning_summary_text';
  readonly pieces: readonly string[];
}
interface Call {
  readonly kind: 'function_call_arguments' | 'custom_tool_call_input' | 'mcp_call_arguments';
  readonly pieces: readonly string[];
}
type Said =
  { readonly parts: readonly Text[]; readonly item: object } | { readonly call: Call; readonly item: object };

const FULL_TEXT = {
  output_text: 'text',
  refusal: 'refusal',
  reasoning_text: 'text',
  reasoning_summary_text: 'text',
};

function partOf({ kind }: Text, text: string): object {
  if (kind === 'refusal') return { type: 'refusal', refusal: text };
  if (kind === 'output_text') return { type: 'output_text', text, annotations: [], logprobs: [] };
  return { type: kind === 'reasoning_text' ? kind : 'summary_text', text };
}

function textOf({ pieces }: Text | Call): string {
  return pieces.join('');
}

function itemOf(said: Said, id: string): object {
  if ('call' in said) {
    const full = said.call.kind === 'custom_tool_call_input' ? 'input' : 'arguments';
    return { id, ...said.item, [full]: textOf(said.call) };
  }
  const parts = said.parts.map((part) => partOf(part, textOf(part)));
  const summary = said.parts.some(({ kind }) => kind === 'reasoning_summary_text');
  return { id, ...said.item, status: 'completed', [summary ? 'summary' : 'content']: parts };
}

export function responseOf(output: readonly object[], rest: object = {}): object {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_700_000_000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: 'm',
    output,
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    usage: { input_tokens: 12, output_tokens: 34, total_tokens: 46 },
    ...rest,
  };
}

/** The events of an answer, in the order in which OpenAI sends them: items one after the other. */
export function eventsOf(output: readonly Said[], last = 'response.completed'): object[] {
  const events: object[] = [];
  const push = (type: string, members: object): void => {
    events.push({ type, sequence_number: events.length, ...members });
  };
  push('response.created', { response: responseOf([], { status: 'in_progress', usage: null }) });
  push('response.in_progress', { response: responseOf([], { status: 'in_progress', usage: null }) });
  const items = output.map((said, i) => itemOf(said, `item_${i}`));
  output.forEach((said, index) => {
    const place = { output_index: index, item_id: `item_${index}` };
    push('response.output_item.added', { output_index: index, item: { ...said.item, id: `item_${index}` } });
    if ('call' in said) {
      for (const delta of said.call.pieces) push(`response.${said.call.kind}.delta`, { ...place, delta });
      const full = said.call.kind === 'custom_tool_call_input' ? 'input' : 'arguments';
      push(`response.${said.call.kind}.done`, { ...place, [full]: textOf(said.call) });
    } else {
      said.parts.forEach((part, i) => {
        const summary = part.kind === 'reasoning_summary_text';
        const at = { ...place, [summary ? 'summary_index' : 'content_index']: i };
        const frame = summary ? 'response.reasoning_summary_part' : 'response.content_part';
        push(`${frame}.added`, { ...at, part: partOf(part, '') });
        const logprobs = part.kind === 'output_text' ? { logprobs: [] } : {};
        for (const delta of part.pieces) push(`response.${part.kind}.delta`, { ...at, delta, ...logprobs });
        push(`response.${part.kind}.done`, { ...at, [FULL_TEXT[part.kind]]: textOf(part), ...logprobs });
        push(`${frame}.done`, { ...at, part: partOf(part, textOf(part)) });
      });
    }
    push('response.output_item.done', { output_index: index, item: items[index] });
  });
  push(last, { response: responseOf(items, { status: last.slice('response.'.length) }) });
  return events;
}

export function sseOf(events: readonly object[], newline = '\n'): string {
  return events
    .map((event) => {
      const { type } = event as { type: string };
      return `event: ${type}${newline}data: ${JSON.stringify(event)}${newline}${newline}`;
    })
    .join('');
}

const MESSAGE = { type: 'message', role: 'assistant', status: 'in_progress' };
const ESCAPED_ZOE = JSON.stringify(ZOE).slice(1, -1);

const TALK: readonly Said[] = [
  {
    item: { type: 'reasoning', summary: [] },
    parts: [
      { kind: 'reasoning_summary_text', pieces: ['Who is ', '<PER', 'SON_1', '>? <EMAIL_ADDRESS', '_1'] },
      { kind: 'reasoning_summary_text', pieces: ['PERSON_', '2'] },
    ],
  },
  {
    item: { ...MESSAGE, content: [] },
    parts: [
      {
        kind: 'output_text',
        pieces: ['Grüße, ', '<', 'PERSON', '_1', '> 😀 <person', ' 2> &lt;PERSON_', '1&gt;<'],
      },
      { kind: 'output_text', pieces: ['and <PERSON_7> to <EMAIL_ADDRESS_1'] },
      { kind: 'refusal', pieces: ['Not <PERSON_2', '>'] },
    ],
  },
];

const CALLS: readonly Said[] = [
  {
    item: { type: 'function_call', call_id: 'call_1', name: 'send', arguments: '' },
    call: {
      kind: 'function_call_arguments',
      pieces: ['{"to": "\\u00', '3cPERSON_1\\u0', '03e", "cc": ["<EMAIL_', 'ADDRESS_1>"]', '}'],
    },
  },
  {
    item: { type: 'custom_tool_call', call_id: 'call_2', name: 'run', input: '' },
    call: { kind: 'custom_tool_call_input', pieces: ['print PERSON', '_2'] },
  },
  {
    item: { type: 'mcp_call', server_label: 'crm', name: 'find', arguments: '' },
    call: { kind: 'mcp_call_arguments', pieces: ['{"q":"<PERSON_1', '>"}'] },
  },
];

const LETTER: readonly Said[] = [
  {
    item: { ...MESSAGE, content: [] },
    parts: [
      {
        kind: 'output_text',
        pieces: ['{"name":"<PER', 'SON_1>","mail":"\\u003cEMAIL', '_ADDRESS_1\\u003e"}'],
      },
    ],
  },
  {
    item: { type: 'reasoning', summary: [] },
    parts: [{ kind: 'reasoning_text', pieces: ['it is <PERSON', '_1>'] }],
  },
];

export const RECORDED: readonly RecordedResponse[] = [
  {
    title: 'reasoning summaries, two texts and a refusal',
    format: 'text',
    source: sseOf(eventsOf(TALK)),
    restored: {
      '0.reasoning_summary_text.0': `Who is ${ZOE}? <${MAIL}`,
      '0.reasoning_summary_text.1': TRICK,
      '1.output_text.0': `Grüße, ${ZOE} 😀 ${TRICK} ${ZOE}<`,
      '1.output_text.1': `and <PERSON_7> to <${MAIL}`,
      '1.refusal.2': `Not ${TRICK}`,
    },
  },
  {
    title: 'calls of three kinds, carriage returns, incomplete',
    format: 'text',
    source: sseOf(eventsOf(CALLS, 'response.incomplete'), '\r\n'),
    restored: {
      '0.function_call_arguments.0': `{"to": "${ESCAPED_ZOE}", "cc": ["${MAIL}"]}`,
      '1.custom_tool_call_input.0': `print ${TRICK}`,
      '2.mcp_call_arguments.0': `{"q":"${ESCAPED_ZOE}"}`,
    },
  },
  {
    title: 'an answer asked for as JSON, reasoning as text',
    format: 'json',
    source: sseOf(eventsOf(LETTER)),
    restored: {
      '0.output_text.0': JSON.stringify({ name: ZOE, mail: MAIL }),
      '1.reasoning_text.0': `it is ${ZOE}`,
    },
  },
];
