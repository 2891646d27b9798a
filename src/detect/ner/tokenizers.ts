import { createRequire } from 'node:module';

// The part of @huggingface/tokenizers that is used here. Its own declarations do not resolve under NodeNext.

export interface TokenizerModel {
  readonly config: { readonly type?: string; readonly continuing_subword_prefix?: string };
  readonly tokens_to_ids: ReadonlyMap<string, number>;
  readonly unk_token_id?: number;
  readonly unk_token?: string;
  readonly fuse_unk: boolean;
  /** Pieces of each word in turn; unlike calling the model, unknown pieces are not fused. */
  encode(words: readonly string[]): string[];
}

export interface HuggingFaceTokenizer {
  readonly normalizer: { normalize(text: string): string } | null;
  readonly pre_tokenizer: { pre_tokenize(text: string, options: { section_index: number }): string[] } | null;
  readonly model: TokenizerModel;
  readonly post_processor: {
    post_process(tokens: readonly string[], pair: null, special: boolean): PostProcessed;
  } | null;
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: readonly number[] };
}

export interface PostProcessed {
  readonly tokens: readonly string[];
  readonly token_type_ids?: readonly number[];
}

interface Library {
  readonly Tokenizer: new (tokenizer: unknown, config: unknown) => HuggingFaceTokenizer;
}

/** @throws {Error} when tokenizer.json is malformed or uses a component the library does not know. */
export function createHuggingFaceTokenizer(tokenizer: unknown, config: unknown): HuggingFaceTokenizer {
  const require = createRequire(import.meta.url);
  const { Tokenizer } = require('@huggingface/tokenizers') as Library;
  return new Tokenizer(tokenizer, config);
}
