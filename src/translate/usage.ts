import { countOf, type Json, member, type Node, object } from './json-tree.ts';

/** Tokens by where they came from; Anthropic counts what its cache gave apart from the input, OpenAI within it. */
export interface Tokens {
  readonly fresh: number;
  readonly cacheRead: number;
  readonly cacheWritten: number;
  readonly output: number;
}

export const NO_TOKENS: Tokens = { fresh: 0, cacheRead: 0, cacheWritten: 0, output: 0 };

/** Counts that are not given stay as they were: a stream gives them piece by piece. */
export function messageTokens(usage: Node | undefined, before: Tokens): Tokens {
  return {
    fresh: countOf(member(usage, 'input_tokens')) ?? before.fresh,
    cacheRead: countOf(member(usage, 'cache_read_input_tokens')) ?? before.cacheRead,
    cacheWritten: countOf(member(usage, 'cache_creation_input_tokens')) ?? before.cacheWritten,
    output: countOf(member(usage, 'output_tokens')) ?? before.output,
  };
}

export function chatTokens(usage: Node | undefined): Tokens {
  const prompt = countOf(member(usage, 'prompt_tokens')) ?? 0;
  const cached = countOf(member(member(usage, 'prompt_tokens_details'), 'cached_tokens')) ?? 0;
  const cacheRead = Math.min(cached, prompt);
  return {
    fresh: prompt - cacheRead,
    cacheRead,
    cacheWritten: 0,
    output: countOf(member(usage, 'completion_tokens')) ?? 0,
  };
}

export function chatUsage({ fresh, cacheRead, cacheWritten, output }: Tokens): Json {
  const prompt = fresh + cacheRead + cacheWritten;
  return object({
    prompt_tokens: String(prompt),
    completion_tokens: String(output),
    total_tokens: String(prompt + output),
    prompt_tokens_details: object({ cached_tokens: String(cacheRead) }),
  });
}

export function messageUsage({ fresh, cacheRead, cacheWritten, output }: Tokens): Json {
  return object({
    input_tokens: String(fresh),
    cache_creation_input_tokens: String(cacheWritten),
    cache_read_input_tokens: String(cacheRead),
    output_tokens: String(output),
  });
}
