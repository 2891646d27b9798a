import { upstreamFailure } from '../dialects/anthropic-stream.ts';
import { upstreamInvalid } from '../dialects/answer-source.ts';
import { array, countOf, type Json, member, type Node, object, string, textOf } from './json-tree.ts';
import { inputText, textIn } from './message-answer-to-chat.ts';
import { finishReasonOf } from './reasons.ts';
import { type StreamTranslation } from './translated.ts';
import { readAnswerTree } from './untranslatable.ts';
import { chatUsage, messageTokens, NO_TOKENS, type Tokens } from './usage.ts';

export interface ChunkOptions {
  readonly nowS: number;
  /** The caller asked for a last chunk with the usage. */
  readonly includeUsage: boolean;
}

/** A block that goes on; `call` is the place of a tool's call among the calls. */
interface Block {
  readonly type: string;
  readonly call: number;
  /** True once any of its arguments was passed on. */
  begun: boolean;
}

/** Blocks an answer may have; a runner that begins more is not answering a question. */
const MAX_BLOCKS = 4096;

/** The events of Anthropic's message as chunks of a chat completion. Nothing is kept but what is open. */
export function createChunkWriter(options: ChunkOptions): StreamTranslation {
  return new ChunkWriter(options);
}

class ChunkWriter implements StreamTranslation {
  readonly #options: ChunkOptions;
  readonly #open = new Map<number, Block>();
  #head: Readonly<Record<string, Json>> | undefined;
  #blocks = 0;
  #calls = 0;
  #tokens: Tokens = NO_TOKENS;
  #finished = false;

  constructor(options: ChunkOptions) {
    this.#options = options;
  }

  push(data: string): readonly string[] {
    const event = readAnswerTree(data);
    switch (textIn(event, 'type')) {
      case 'message_start':
        return this.#start(member(event, 'message'));
      case 'content_block_start':
        return this.#begin(indexOf(event), member(event, 'content_block'));
      case 'content_block_delta':
        return this.#goOn(this.#block(event), member(event, 'delta'));
      case 'content_block_stop':
        return this.#stop(event);
      case 'message_delta':
        return this.#finish(event);
      case 'message_stop':
        return this.#end();
      case 'error':
        throw upstreamFailure(textOf(member(member(event, 'error'), 'type')));
      default:
        // The vendor asks clients to pass over events they do not know, as `ping`.
        return [];
    }
  }

  #start(message: Node | undefined): readonly string[] {
    if (this.#head !== undefined) throw upstreamInvalid('a second message in one stream');
    this.#head = {
      id: string(textIn(message, 'id')),
      object: string('chat.completion.chunk'),
      created: String(this.#options.nowS),
      model: string(textIn(message, 'model')),
    };
    this.#tokens = messageTokens(member(message, 'usage'), this.#tokens);
    return [this.#delta({ role: string('assistant'), content: '""', refusal: 'null' })];
  }

  #begin(index: number, block: Node | undefined): readonly string[] {
    if (this.#open.has(index) || ++this.#blocks > MAX_BLOCKS) throw upstreamInvalid('a block begins twice');
    const type = textIn(block, 'type');
    if (type === 'tool_use') {
      const call = this.#calls++;
      const input = inputText(member(block, 'input'));
      const begun = input !== '{}' && input !== '';
      this.#open.set(index, { type, call, begun });
      const called = object({ name: string(textIn(block, 'name')), arguments: string(begun ? input : '') });
      return [
        this.#call({
          index: String(call),
          id: string(textIn(block, 'id')),
          type: '"function"',
          function: called,
        }),
      ];
    }
    if (type !== 'text' && type !== 'thinking' && type !== 'redacted_thinking') {
      throw upstreamInvalid('a block of an unknown type');
    }
    this.#open.set(index, { type, call: 0, begun: false });
    if (type === 'redacted_thinking') return [];
    return this.#text(type === 'text' ? 'content' : 'reasoning_content', textOf(member(block, type)) ?? '');
  }

  #goOn(block: Block, delta: Node | undefined): readonly string[] {
    switch (textIn(delta, 'type')) {
      case 'text_delta':
        return this.#text('content', textIn(delta, 'text'));
      case 'thinking_delta':
        return this.#text('reasoning_content', textIn(delta, 'thinking'));
      case 'input_json_delta': {
        if (block.type !== 'tool_use') throw upstreamInvalid('input outside the call of a tool');
        const json = textIn(delta, 'partial_json');
        if (json === '') return [];
        block.begun = true;
        return [this.#arguments(block, json)];
      }
      default:
        // Signatures and citations have no place in the other dialect.
        return [];
    }
  }

  #stop(event: Node): readonly string[] {
    const block = this.#block(event);
    this.#open.delete(indexOf(event));
    // Without arguments the vendor sends none; these clients parse what they got.
    return block.type === 'tool_use' && !block.begun ? [this.#arguments(block, '{}')] : [];
  }

  #finish(event: Node): readonly string[] {
    this.#tokens = messageTokens(member(event, 'usage'), this.#tokens);
    const reason = textOf(member(member(event, 'delta'), 'stop_reason'));
    if (reason === undefined) return [];
    if (this.#finished) throw upstreamInvalid('a message stops twice');
    this.#finished = true;
    return [
      this.#chunk(
        object({ index: '0', delta: '{}', logprobs: 'null', finish_reason: string(finishReasonOf(reason)) }),
      ),
    ];
  }

  #end(): readonly string[] {
    if (!this.#finished) throw upstreamInvalid('a message ends without a reason');
    if (!this.#options.includeUsage) return ['[DONE]'];
    return [object({ ...this.#started(), choices: '[]', usage: chatUsage(this.#tokens) }), '[DONE]'];
  }

  #block(event: Node): Block {
    const block = this.#open.get(indexOf(event));
    if (block === undefined) throw upstreamInvalid('an event of a block that is not open');
    return block;
  }

  #text(name: string, text: string): readonly string[] {
    return text === '' ? [] : [this.#delta({ [name]: string(text) })];
  }

  #arguments(block: Block, json: string): string {
    return this.#call({ index: String(block.call), function: object({ arguments: string(json) }) });
  }

  #call(call: Readonly<Record<string, Json>>): string {
    return this.#delta({ tool_calls: array([object(call)]) });
  }

  #delta(delta: Readonly<Record<string, Json>>): string {
    return this.#chunk(object({ index: '0', delta: object(delta), logprobs: 'null', finish_reason: 'null' }));
  }

  #chunk(choice: Json): string {
    const usage = this.#options.includeUsage ? { usage: 'null' } : {};
    return object({ ...this.#started(), choices: array([choice]), ...usage });
  }

  #started(): Readonly<Record<string, Json>> {
    if (this.#head === undefined) throw upstreamInvalid('an event before the message');
    return this.#head;
  }
}

function indexOf(event: Node): number {
  const index = countOf(member(event, 'index'));
  if (index === undefined) throw upstreamInvalid('an event names no block');
  return index;
}
