import { type CompletionCreateParamsBase } from 'openai/resources/completions';
import { type EmbeddingCreateParams } from 'openai/resources/embeddings';

export const WHO = 'Ada Lovelace';

/** Every parameter of the reference; the type says if one is missing. */
export const FULL_COMPLETION = {
  model: 'gpt-3.5-turbo-instruct',
  prompt: [`Dear ${WHO},`, WHO],
  suffix: `Yours, ${WHO}`,
  stop: [WHO],
  user: 'ada@example.com',
  echo: true,
  best_of: 1,
  frequency_penalty: 0,
  logit_bias: { '50256': -100 },
  logprobs: 2,
  max_tokens: 9,
  n: 1,
  presence_penalty: 0,
  seed: 42,
  stream: true,
  stream_options: { include_usage: true },
  temperature: 1.0,
  top_p: 1,
} satisfies CompletionCreateParamsBase & Record<keyof CompletionCreateParamsBase, unknown>;

/** Every parameter of the reference; the type says if one is missing. */
export const FULL_EMBEDDING = {
  model: 'text-embedding-3-small',
  input: [WHO, `I am ${WHO}.`],
  dimensions: 256,
  encoding_format: 'float',
  user: 'ada@example.com',
} satisfies EmbeddingCreateParams & Record<keyof EmbeddingCreateParams, unknown>;
