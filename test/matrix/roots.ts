import { type Message, type RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages/messages';
import {
  type MessageCountTokensParams,
  type MessageCreateParamsNonStreaming,
  type MessageCreateParamsStreaming,
} from '@anthropic-ai/sdk/resources/messages/messages';
import {
  type ChatCompletion,
  type ChatCompletionChunk,
  type ChatCompletionCreateParamsNonStreaming,
  type ChatCompletionCreateParamsStreaming,
} from 'openai/resources/chat/completions';
import {
  type Completion,
  type CompletionCreateParamsNonStreaming,
  type CompletionCreateParamsStreaming,
} from 'openai/resources/completions';
import { type EmbeddingCreateParams } from 'openai/resources/embeddings';
import { type InputTokenCountParams } from 'openai/resources/responses/input-tokens';
import {
  type Response,
  type ResponseCompactParams,
  type ResponseCreateParamsNonStreaming,
  type ResponseCreateParamsStreaming,
  type ResponseStreamEvent,
} from 'openai/resources/responses/responses';

/** The request; a member that only a streamed one has makes this `never`, and the walker finds nothing. */
type Both<Whole, Streamed> = Exclude<keyof Streamed, keyof Whole> extends never ? Whole : never;

/** What the vendors' own SDKs declare, by the endpoint that takes it. Read as source by the walker, never run. */
export interface Roots {
  readonly 'chat/completions': {
    readonly request: Both<ChatCompletionCreateParamsNonStreaming, ChatCompletionCreateParamsStreaming>;
    readonly answer: ChatCompletion;
    readonly event: ChatCompletionChunk;
  };
  readonly responses: {
    readonly request: Both<ResponseCreateParamsNonStreaming, ResponseCreateParamsStreaming>;
    readonly answer: Response;
    readonly event: ResponseStreamEvent;
  };
  readonly 'responses/input_tokens': { readonly request: InputTokenCountParams };
  readonly 'responses/compact': { readonly request: ResponseCompactParams };
  readonly completions: {
    readonly request: Both<CompletionCreateParamsNonStreaming, CompletionCreateParamsStreaming>;
    readonly answer: Completion;
    readonly event: Completion;
  };
  readonly embeddings: { readonly request: EmbeddingCreateParams };
  readonly messages: {
    readonly request: Both<MessageCreateParamsNonStreaming, MessageCreateParamsStreaming>;
    readonly answer: Message;
    readonly event: RawMessageStreamEvent;
  };
  readonly 'messages/count_tokens': { readonly request: MessageCountTokensParams };
}
