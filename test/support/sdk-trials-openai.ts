import { type SdkScene, SAID_TO_MODEL } from './sdk-scene.ts';

/** Asks one method; what the caller heard, where the model says something. */
export type Trial = (scene: SdkScene) => Promise<unknown>;

const MESSAGES = [{ role: 'user' as const, content: SAID_TO_MODEL }];
const CHAT = { model: 'demo', messages: MESSAGES };
const RESPONSE = { model: 'kept', input: SAID_TO_MODEL };
const SCHEMA = {
  type: 'object' as const,
  properties: { text: { type: 'string' as const } },
  required: ['text'],
  additionalProperties: false,
};
const FORMAT = { name: 'said', schema: SCHEMA, strict: true };

export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const keptChat = async ({ openai }: SdkScene): Promise<string> =>
  (await openai.chat.completions.create({ ...CHAT, model: 'kept', store: true })).id;
const keptResponse = async ({ openai }: SdkScene, more: object = {}): Promise<string> =>
  (await openai.responses.create({ ...RESPONSE, ...more, stream: false })).id;

/** `method`, or `method how`. */
export const OPENAI_TRIALS: Readonly<Record<string, Trial>> = {
  'chat.completions.create': ({ openai }) => openai.chat.completions.create(CHAT),
  'chat.completions.create streaming': async ({ openai }) => {
    const events = await collect(await openai.chat.completions.create({ ...CHAT, stream: true }));
    return events.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
  },
  'chat.completions.stream': async ({ openai }) => openai.chat.completions.stream(CHAT).finalContent(),
  'chat.completions.parse': async ({ openai }) => {
    const format = { type: 'json_schema' as const, json_schema: FORMAT };
    const { choices } = await openai.chat.completions.parse({ ...CHAT, response_format: format });
    return choices[0]?.message.parsed;
  },
  'chat.completions.runTools': async ({ openai }) => {
    const ran: unknown[] = [];
    const called = {
      name: 'say',
      description: 'Says something',
      parameters: SCHEMA,
      parse: (text: string): unknown => JSON.parse(text),
      function: (said: unknown): string => {
        ran.push(said);
        return JSON.stringify(said);
      },
    };
    const runner = openai.chat.completions.runTools({
      ...CHAT,
      tools: [{ type: 'function', function: called }],
    });
    const final = await runner.finalContent();
    return final?.includes(SAID_TO_MODEL) === true ? ran : [];
  },
  'chat.completions.retrieve': async (scene) => scene.openai.chat.completions.retrieve(await keptChat(scene)),
  'chat.completions.update': async (scene) =>
    scene.openai.chat.completions.update(await keptChat(scene), { metadata: { note: SAID_TO_MODEL } }),
  'chat.completions.list': async (scene) => {
    await keptChat(scene);
    return collect(scene.openai.chat.completions.list());
  },
  'chat.completions.delete': async (scene) => {
    await scene.openai.chat.completions.delete(await keptChat(scene));
  },
  'chat.completions.messages.list': async (scene) =>
    collect(scene.openai.chat.completions.messages.list(await keptChat(scene))),
  'responses.create': ({ openai }) => openai.responses.create(RESPONSE),
  'responses.create streaming': async ({ openai }) => {
    const events = await collect(await openai.responses.create({ ...RESPONSE, stream: true }));
    return events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');
  },
  'responses.stream': ({ openai }) => openai.responses.stream(RESPONSE).finalResponse(),
  'responses.parse': ({ openai }) => openai.responses.parse(RESPONSE),
  'responses.retrieve': async (scene) => scene.openai.responses.retrieve(await keptResponse(scene)),
  'responses.retrieve streaming': async (scene) =>
    collect(await scene.openai.responses.retrieve(await keptResponse(scene), { stream: true })),
  'responses.cancel': async (scene) =>
    scene.openai.responses.cancel(await keptResponse(scene, { background: true })),
  'responses.delete': async (scene) => {
    await scene.openai.responses.delete(await keptResponse(scene));
  },
  'responses.compact': async ({ openai }) => {
    await openai.responses.compact(RESPONSE);
  },
  'responses.inputItems.list': async (scene) =>
    collect(scene.openai.responses.inputItems.list(await keptResponse(scene))),
  'responses.inputTokens.count': async ({ openai }) => {
    await openai.responses.inputTokens.count(RESPONSE);
  },
  'completions.create': ({ openai }) => openai.completions.create({ model: 'demo', prompt: SAID_TO_MODEL }),
  'completions.create streaming': async ({ openai }) =>
    collect(await openai.completions.create({ model: 'demo', prompt: SAID_TO_MODEL, stream: true })),
  'embeddings.create': async ({ openai }) => {
    await openai.embeddings.create({ model: 'demo', input: SAID_TO_MODEL, encoding_format: 'float' });
  },
  'models.list': async ({ openai }) => {
    await collect(openai.models.list());
  },
  'models.retrieve': async ({ openai }) => {
    await openai.models.retrieve('demo');
  },
};
