import {
  BIAS,
  BOOLEAN,
  IDENTIFIER,
  MODEL,
  NUMBER,
  RESPONSE_FORMAT,
  STREAM_OPTIONS,
} from './openai-chat-request.ts';
import { RUNNER_EXTENSIONS } from './openai-chat-extensions.ts';
import { record, type Shape } from './shape.ts';

/**
 * Text, or several texts. Token ids say what they say in a vocabulary that is the runner's: nobody here can read them,
 * so they are refused.
 */
export const TEXT_OR_TOKENS: Shape = {
  string: 'prose',
  array: { string: 'prose', number: 'opaque', array: { number: 'opaque' } },
};

/** A text completion request, place by place (OpenAI API reference, `CompletionCreateParams`). */
export const COMPLETIONS_REQUEST: Shape = record(
  {
    model: MODEL,
    prompt: { ...TEXT_OR_TOKENS, null: true },
    suffix: { string: 'text', null: true },
    stop: { string: 'text', null: true, array: { string: 'text' } },
    user: IDENTIFIER,
    echo: BOOLEAN,
    stream: BOOLEAN,
    stream_options: STREAM_OPTIONS,
    best_of: NUMBER,
    n: NUMBER,
    logprobs: { number: 'fixed', boolean: true, null: true },
    max_tokens: NUMBER,
    temperature: NUMBER,
    top_p: NUMBER,
    frequency_penalty: NUMBER,
    presence_penalty: NUMBER,
    seed: NUMBER,
    logit_bias: BIAS,
    response_format: RESPONSE_FORMAT,
    ...RUNNER_EXTENSIONS,
  },
  ['model', 'prompt'],
);
