import { type JsonObject } from '../../domain/json.ts';
import { type DialectText } from './completions.ts';

const PROMPT = 'Write to maria.gonzalez@example.com that the meeting is at noon.';
const NEW_TOOL = {
  type: 'function',
  function: {
    name: 'send_mail',
    description: 'Sends a mail.',
    parameters: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] },
  },
};

function text(id: string, summary: string, value: JsonObject, more: Partial<DialectText> = {}): DialectText {
  return { id, tag: 'OpenAI', summary, streams: true, examples: { simple: { summary, value } }, ...more };
}

const CHAT = { model: 'demo', messages: [{ role: 'user', content: PROMPT }] };

export const CHAT_TEXT = text('createChatCompletion', 'A chat completion', CHAT, {
  examples: {
    simple: { summary: 'One question', value: CHAT },
    stream: { summary: 'The same as a stream', value: { ...CHAT, stream: true } },
    tools: { summary: 'With a tool', value: { ...CHAT, tools: [NEW_TOOL] } },
  },
});

export const RESPONSES_TEXT = text('createResponse', 'A response (OpenAI Responses API)', {
  model: 'demo',
  input: PROMPT,
  store: false,
});

export const COMPLETIONS_TEXT = text('createCompletion', 'A text completion', {
  model: 'demo',
  prompt: PROMPT,
});

export const EMBEDDINGS_TEXT = text(
  'createEmbedding',
  'Embeddings',
  { model: 'demo', input: PROMPT },
  { streams: false },
);

const MESSAGE = { model: 'demo', messages: [{ role: 'user', content: PROMPT }] };

export const MESSAGES_TEXT = text(
  'createMessage',
  "A message (Anthropic's API)",
  { ...MESSAGE, max_tokens: 256 },
  { tag: 'Anthropic' },
);

export const COUNT_TOKENS_TEXT = text('countMessageTokens', 'How many tokens a message would have', MESSAGE, {
  tag: 'Anthropic',
  streams: false,
});

export const INPUT_TOKENS_TEXT = text(
  'countInputTokens',
  'How many tokens a response’s prompt has',
  { model: 'demo', input: PROMPT },
  { streams: false },
);

export const COMPACT_TEXT = text(
  'compactResponse',
  'Makes a conversation shorter',
  { model: 'demo', input: PROMPT },
  { streams: false },
);
