import { JSON_SCHEMA } from './json-schema.ts';
import { FREE, matching, oneOf, type Shape } from './shape.ts';

const TEXT: Shape = { string: 'text', null: true };
const TEXTS: Shape = { array: { string: 'text' }, null: true };
const NUMBER: Shape = { number: 'fixed', null: true };
const NUMBERS: Shape = { array: { number: 'fixed' }, null: true };
const BOOLEAN: Shape = { boolean: true, null: true };

function each(shape: Shape, names: readonly string[]): Record<string, Shape> {
  return Object.fromEntries(names.map((name) => [name, shape]));
}

const NUMBER_KEYS = [
  // Sampling, under the names of vLLM, SGLang, llama.cpp and Ollama.
  ...['top_k', 'min_p', 'top_a', 'top_n_sigma', 'typical_p', 'tfs_z', 'n_probs', 'random_seed'],
  ...['repetition_penalty', 'repeat_penalty', 'repeat_last_n', 'length_penalty', 'best_of'],
  ...['mirostat', 'mirostat_tau', 'mirostat_eta', 'dynatemp_range', 'dynatemp_exponent'],
  ...['dry_multiplier', 'dry_base', 'dry_allowed_length', 'dry_penalty_last_n'],
  ...['xtc_probability', 'xtc_threshold', 'min_keep', 'n_keep', 'n_predict', 'id_slot'],
  ...['min_tokens', 'truncate_prompt_tokens', 'prompt_logprobs', 'priority', 'thinking_budget'],
];

const BOOLEAN_KEYS = [
  ...['use_beam_search', 'include_stop_str_in_output', 'ignore_eos', 'skip_special_tokens', 'no_stop_trim'],
  ...['spaces_between_special_tokens', 'echo', 'add_generation_prompt', 'continue_final_message'],
  ...['add_special_tokens', 'include_reasoning', 'separate_reasoning', 'stream_reasoning'],
  ...['return_tokens_as_token_ids', 'return_token_ids', 'cache_prompt', 'timings_per_token', 'penalize_nl'],
  ...['thinking_forced_open', 'parse_tool_calls', 'safe_prompt', 'enable_thinking'],
];

/**
 * What widely used runners accept beside OpenAI's own parameters (vLLM's and SGLang's extra parameters, llama.cpp's
 * server, Ollama, Mistral, OpenRouter). Objects whose inside the runner or a template decides are free: every string
 * in them is text.
 */
export const RUNNER_EXTENSIONS: Readonly<Record<string, Shape>> = {
  ...each(NUMBER, NUMBER_KEYS),
  ...each(BOOLEAN, BOOLEAN_KEYS),
  ...each(NUMBERS, ['stop_token_ids', 'allowed_token_ids']),
  ...each(TEXTS, ['bad_words', 'guided_choice', 'dry_sequence_breakers']),
  ...each(TEXT, ['chat_template', 'guided_regex', 'guided_grammar', 'guided_whitespace_pattern']),
  ...each(TEXT, ['grammar', 'regex', 'ebnf', 'structural_tag']),
  ...each(FREE, ['chat_template_kwargs', 'mm_processor_kwargs', 'documents', 'structured_outputs']),
  ...each(FREE, ['options', 'reasoning', 'vllm_xargs', 'thinking', 'think', 'lora']),
  ...each({ string: 'identifier', null: true }, ['cache_salt', 'request_id', 'session_id']),
  guided_json: { string: 'json', null: true, ...JSON_SCHEMA },
  json_schema: JSON_SCHEMA,
  format: { string: oneOf('json'), ...JSON_SCHEMA },
  guided_decoding_backend: { string: matching(/^[a-z][a-z:_-]{0,63}$/), null: true },
  reasoning_format: { string: oneOf('none', 'auto', 'deepseek', 'deepseek-legacy'), null: true },
  keep_alive: { number: 'fixed', string: matching(/^-?\d{1,6}(?:ns|us|ms|s|m|h)?$/) },
  samplers: { array: { string: matching(/^[a-z_]{1,24}$/) } },
};
