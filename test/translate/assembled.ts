/** What a model says, however it is told. */
export interface Said {
  readonly thought: string;
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly input: string }[];
}

interface Chunk {
  readonly id: string;
  readonly choices: readonly {
    readonly finish_reason: string | null;
    readonly delta: {
      readonly content?: string;
      readonly reasoning_content?: string;
      readonly tool_calls?: readonly {
        index: number;
        id?: string;
        function: { name?: string; arguments: string };
      }[];
    };
  }[];
  readonly usage?: unknown;
}

/** Chunks put together as a client does. */
export function assembledChat(data: readonly string[]): object {
  let [content, thought, finish, usage]: [string, string, unknown, unknown] = ['', '', null, null];
  const calls: { id: string; type: string; function: { name: string; arguments: string } }[] = [];
  for (const line of data.slice(0, -1)) {
    const chunk = JSON.parse(line) as Chunk;
    usage = chunk.usage ?? usage;
    const [choice] = chunk.choices;
    if (choice === undefined) continue;
    content += choice.delta.content ?? '';
    thought += choice.delta.reasoning_content ?? '';
    finish = choice.finish_reason ?? finish;
    for (const call of choice.delta.tool_calls ?? []) {
      const known = (calls[call.index] ??= {
        id: call.id ?? '',
        type: 'function',
        function: { name: call.function.name ?? '', arguments: '' },
      });
      known.function.arguments += call.function.arguments;
    }
  }
  return { content, thought, finish, usage, calls };
}

export function wholeChat(source: string): object {
  const { choices, usage } = JSON.parse(source) as {
    choices: {
      finish_reason: string;
      message: { content: string | null; reasoning_content?: string; tool_calls?: unknown[] };
    }[];
    usage: unknown;
  };
  const [choice] = choices;
  return {
    content: choice?.message.content ?? '',
    thought: choice?.message.reasoning_content ?? '',
    finish: choice?.finish_reason,
    usage,
    calls: choice?.message.tool_calls ?? [],
  };
}

interface Event {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: Record<string, unknown>;
  readonly delta?: Record<string, string>;
  readonly usage?: unknown;
}

/** Events put together as a client does; throws on an order that one would not accept. The input stays text. */
export function assembledMessage(data: readonly string[]): object {
  const content: Record<string, unknown>[] = [];
  let [open, stop, usage]: [number, unknown, unknown] = [-1, null, null];
  for (const [i, line] of data.entries()) {
    const event = JSON.parse(line) as Event;
    if ((event.type === 'message_start') !== (i === 0)) throw new Error('message_start is not first');
    if ((event.type === 'message_stop') !== (i === data.length - 1))
      throw new Error('message_stop is not last');
    if (event.type === 'content_block_start') {
      if (open !== -1 || event.index !== content.length) throw new Error('a block begins out of order');
      open = event.index;
      content.push({
        ...event.content_block,
        ...(event.content_block?.['type'] === 'tool_use' ? { input: '' } : {}),
      });
    } else if (event.type === 'content_block_delta') {
      if (event.index !== open) throw new Error('a delta of a block that is not open');
      const block = content[open] ?? {};
      const { type, ...said } = event.delta ?? {};
      for (const [name, piece] of Object.entries(said)) {
        const key = name === 'partial_json' ? 'input' : name;
        block[key] = String(block[key]) + piece;
      }
      if (type === undefined) throw new Error('a delta has no type');
    } else if (event.type === 'content_block_stop') {
      if (event.index !== open) throw new Error('a block stops that is not open');
      open = -1;
    } else if (event.type === 'message_delta') {
      if (open !== -1) throw new Error('a block is left open');
      stop = event.delta?.['stop_reason'];
      usage = event.usage;
    }
  }
  return { content, stop, usage };
}

/** The same of a whole answer, whose inputs are taken as text too. */
export function wholeMessage(source: string, said: Said): object {
  const {
    content,
    stop_reason: stop,
    usage,
  } = JSON.parse(source) as {
    content: Record<string, unknown>[];
    stop_reason: string;
    usage: unknown;
  };
  let call = 0;
  for (const block of content) if (block['type'] === 'tool_use') block['input'] = said.calls[call++]?.input;
  return { content, stop, usage };
}
