export interface Surface {
  readonly path: string;
  readonly ask: (content: string) => object;
  /** Field names whose strings add up to the text, and to the arguments, in a stream. */
  readonly text: (events: readonly Event[]) => string;
  readonly toolArguments?: (events: readonly Event[]) => string;
}
export interface Event {
  readonly type?: string;
  readonly delta?: unknown;
  readonly choices?: readonly {
    readonly text?: string;
    readonly delta?: {
      readonly content?: string;
      readonly reasoning_content?: string;
      readonly tool_calls?: readonly { readonly function: { readonly arguments: string } }[];
    };
  }[];
}

/** The deltas of one type of event, added up. */
export const typed = (type: string, field?: string) => (events: readonly Event[]) =>
  events
    .filter((event) => event.type === type)
    .map(({ delta }) => (field === undefined ? delta : ((delta as Record<string, unknown>)[field] ?? '')))
    .join('');
export const asked = (content: string): object => ({ model: 'demo', messages: [{ role: 'user', content }] });

export const SURFACES: readonly Surface[] = [
  {
    path: '/v1/chat/completions',
    ask: asked,
    text: (events) => events.map((event) => event.choices?.[0]?.delta?.content ?? '').join(''),
    toolArguments: (events) =>
      events.map((event) => event.choices?.[0]?.delta?.tool_calls?.[0]?.function.arguments ?? '').join(''),
  },
  {
    path: '/v1/completions',
    ask: (content) => ({ model: 'demo', prompt: content }),
    text: (events) => events.map((event) => event.choices?.[0]?.text ?? '').join(''),
  },
  {
    path: '/v1/messages',
    ask: (content) => ({ ...asked(content), max_tokens: 100 }),
    text: typed('content_block_delta', 'text'),
    toolArguments: typed('content_block_delta', 'partial_json'),
  },
  {
    path: '/v1/responses',
    ask: (content) => ({ model: 'demo', input: content }),
    text: typed('response.output_text.delta'),
    toolArguments: typed('response.function_call_arguments.delta'),
  },
];

export function eventsIn(heard: string): readonly Event[] {
  return [...heard.matchAll(/^data: (\{.*\})$/gm)].map(([, data = '']) => JSON.parse(data) as Event);
}

/** Every string of an answer, and every key of its parsed arguments. */
export function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => [key, ...stringsIn(below)]);
}
