import { type Trial } from './sdk-trials-openai.ts';
import { SAID_TO_MODEL } from './sdk-scene.ts';
import { collect } from './sdk-trials-openai.ts';

const MESSAGES = [{ role: 'user' as const, content: SAID_TO_MODEL }];
const ASK = { model: 'claude-test', max_tokens: 100, messages: MESSAGES };
const SCHEMA = {
  type: 'object' as const,
  properties: { text: { type: 'string' as const } },
  required: ['text'],
  additionalProperties: false,
};
const FORMAT = { output_config: { format: { type: 'json_schema' as const, schema: SCHEMA } } };

interface TextEvent {
  readonly type: string;
  readonly delta?: { readonly type?: string; readonly text?: string };
}
const textOf = async (events: AsyncIterable<unknown>): Promise<string> =>
  (await collect(events)).map((event) => (event as TextEvent).delta?.text ?? '').join('');

/** `method`, or `method how`. */
export const ANTHROPIC_TRIALS: Readonly<Record<string, Trial>> = {
  'messages.create': ({ anthropic }) => anthropic.messages.create(ASK),
  'messages.create streaming': async ({ anthropic }) =>
    textOf(await anthropic.messages.create({ ...ASK, stream: true })),
  'messages.stream': ({ anthropic }) => anthropic.messages.stream(ASK).finalMessage(),
  'messages.parse': async ({ anthropic }) => anthropic.messages.parse({ ...ASK, ...FORMAT }),
  'messages.countTokens': async ({ anthropic }) => {
    await anthropic.messages.countTokens({ model: 'claude-test', messages: MESSAGES });
  },
  'models.list': async ({ anthropic }) => {
    await collect(anthropic.models.list());
  },
  'models.retrieve': async ({ anthropic }) => {
    await anthropic.models.retrieve('claude-test');
  },
  'beta.messages.create': ({ anthropic }) => anthropic.beta.messages.create(ASK),
  'beta.messages.create streaming': async ({ anthropic }) =>
    textOf(await anthropic.beta.messages.create({ ...ASK, stream: true })),
  'beta.messages.stream': ({ anthropic }) => anthropic.beta.messages.stream(ASK).finalMessage(),
  'beta.messages.parse': async ({ anthropic }) => anthropic.beta.messages.parse({ ...ASK, ...FORMAT }),
  'beta.messages.countTokens': async ({ anthropic }) => {
    await anthropic.beta.messages.countTokens({ model: 'claude-test', messages: MESSAGES });
  },
  'beta.messages.toolRunner': async ({ anthropic }) => {
    const ran: unknown[] = [];
    const tool = {
      ...{ type: 'custom' as const, name: 'say', input_schema: SCHEMA, description: 'Says something' },
      run: (input: unknown): string => {
        ran.push(input);
        return JSON.stringify(input);
      },
      parse: (input: unknown): unknown => input,
    };
    await anthropic.beta.messages.toolRunner({ ...ASK, tools: [tool], max_iterations: 2 });
    return ran;
  },
  'beta.models.list': async ({ anthropic }) => {
    await collect(anthropic.beta.models.list());
  },
  'beta.models.retrieve': async ({ anthropic }) => {
    await anthropic.beta.models.retrieve('claude-test');
  },
};

interface Refused {
  readonly code: string;
  readonly attempt: Trial;
}

const BATCH = { requests: [{ custom_id: 'one', params: ASK }] };
const notInspected = (attempt: Trial): Refused => ({ code: 'endpoint_not_inspected', attempt });

export const REFUSED_METHODS: Readonly<Record<'openai' | 'anthropic', Readonly<Record<string, Refused>>>> = {
  openai: {
    'models.delete': { code: 'method_not_allowed', attempt: ({ openai }) => openai.models.delete('demo') },
  },
  anthropic: {
    'messages.batches.create': notInspected(({ anthropic }) => anthropic.messages.batches.create(BATCH)),
    'messages.batches.retrieve': notInspected(({ anthropic }) => anthropic.messages.batches.retrieve('b1')),
    'messages.batches.list': notInspected(({ anthropic }) => collect(anthropic.messages.batches.list())),
    'messages.batches.delete': notInspected(({ anthropic }) => anthropic.messages.batches.delete('b1')),
    'messages.batches.cancel': notInspected(({ anthropic }) => anthropic.messages.batches.cancel('b1')),
    'messages.batches.results': notInspected(({ anthropic }) => anthropic.messages.batches.results('b1')),
    'beta.messages.batches.create': notInspected(({ anthropic }) =>
      anthropic.beta.messages.batches.create(BATCH),
    ),
    'beta.messages.batches.retrieve': notInspected(({ anthropic }) =>
      anthropic.beta.messages.batches.retrieve('b1'),
    ),
    'beta.messages.batches.list': notInspected(({ anthropic }) =>
      collect(anthropic.beta.messages.batches.list()),
    ),
    'beta.messages.batches.delete': notInspected(({ anthropic }) =>
      anthropic.beta.messages.batches.delete('b1'),
    ),
    'beta.messages.batches.cancel': notInspected(({ anthropic }) =>
      anthropic.beta.messages.batches.cancel('b1'),
    ),
    'beta.messages.batches.results': notInspected(({ anthropic }) =>
      anthropic.beta.messages.batches.results('b1'),
    ),
    // The vendor holds the conversation, and nobody here could tell whose it is.
    'beta.messages.thread': {
      code: 'shape_unknown',
      attempt: ({ anthropic }) =>
        anthropic.beta.messages
          .thread({ model: 'claude-test', max_tokens: 9 })
          .send({ role: 'user', content: 'hi' }),
    },
  },
};
