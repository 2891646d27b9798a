import { upstreamFailure } from '../dialects/anthropic-stream.ts';
import { upstreamInvalid } from '../dialects/answer-source.ts';
import { callsIn, contentIn, thoughtIn } from './chat-answer-to-message.ts';
import { countOf, type Json, member, type Node, object, string, textOf } from './json-tree.ts';
import { textIn } from './message-answer-to-chat.ts';
import { stopReasonOf } from './reasons.ts';
import { type StreamTranslation } from './translated.ts';
import { readAnswerTree } from './untranslatable.ts';
import { chatTokens, messageUsage, NO_TOKENS, type Tokens } from './usage.ts';

type Kind = 'thinking' | 'text' | 'refusal' | 'tool_use';

/** Calls an answer may make; a runner that begins more is not answering a question. */
const MAX_CALLS = 4096;

/** The chunks of a chat completion as the events of Anthropic's message, one block after another. */
export function createEventWriter(): StreamTranslation {
  return new EventWriter();
}

class EventWriter implements StreamTranslation {
  #started = false;
  /** The block that is open, and which call it is. */
  #open: { readonly kind: Kind; readonly call: number } | undefined;
  #blocks = 0;
  #calls = 0;
  #refuses = false;
  #tokens: Tokens = NO_TOKENS;
  #finish: string | undefined;

  push(data: string): readonly string[] {
    if (data === '[DONE]') return this.#end();
    const chunk = readAnswerTree(data);
    const error = member(chunk, 'error');
    if (error !== undefined) throw upstreamFailure(textOf(member(error, 'type') ?? member(error, 'code')));
    const choices = member(chunk, 'choices');
    if (choices === undefined) return [];
    if (choices.kind !== 'array' || choices.items.length > 1) throw upstreamInvalid('more than one choice');
    const usage = member(chunk, 'usage');
    if (usage !== undefined) this.#tokens = chatTokens(usage);
    const events: string[] = this.#started ? [] : [this.#start(chunk)];
    const [choice] = choices.items;
    if (choice === undefined) return events;
    if ((countOf(member(choice, 'index')) ?? 0) !== 0) throw upstreamInvalid('more than one choice');
    this.#say(member(choice, 'delta'), events);
    // Some runners write "" where others write null.
    const finish = textOf(member(choice, 'finish_reason')) ?? '';
    if (finish !== '') {
      this.#finish ??= finish;
      events.push(...this.#stop());
    }
    return events;
  }

  #start(chunk: Node): string {
    this.#started = true;
    const message = object({
      id: string(textIn(chunk, 'id')),
      type: string('message'),
      role: string('assistant'),
      model: string(textIn(chunk, 'model')),
      content: '[]',
      stop_reason: 'null',
      stop_sequence: 'null',
      usage: messageUsage(NO_TOKENS),
    });
    return object({ type: string('message_start'), message });
  }

  #say(delta: Node | undefined, events: string[]): void {
    if (delta === undefined) return;
    const thought = thoughtIn(delta);
    const text = contentIn(delta);
    const refusal = textOf(member(delta, 'refusal')) ?? '';
    const calls = callsIn(delta);
    if (thought + text + refusal !== '' || calls.length > 0) this.#checkOpen();
    if (thought !== '') this.#text('thinking', 'thinking', thought, events);
    if (text !== '') this.#text('text', 'text', text, events);
    if (refusal !== '') {
      this.#refuses = true;
      this.#text('refusal', 'text', refusal, events);
    }
    for (const call of calls) this.#call(call, events);
  }

  #checkOpen(): void {
    if (this.#finish !== undefined) throw upstreamInvalid('an answer goes on behind its end');
  }

  #text(kind: Kind, name: 'text' | 'thinking', text: string, events: string[]): void {
    if (this.#open?.kind !== kind) {
      const signature = name === 'thinking' ? { signature: '""' } : {};
      this.#begin(kind, 0, object({ type: string(name), [name]: '""', ...signature }), events);
    }
    events.push(this.#delta(object({ type: string(`${name}_delta`), [name]: string(text) })));
  }

  #call(call: Node, events: string[]): void {
    const index = countOf(member(call, 'index')) ?? this.#calls;
    const called = member(call, 'function');
    if (this.#open?.kind !== 'tool_use' || this.#open.call !== index) {
      // These clients read one block after another, so a call that was left cannot be gone back to.
      if (index !== this.#calls || this.#calls >= MAX_CALLS)
        throw upstreamInvalid('calls of tools out of order');
      this.#calls++;
      const block = object({
        type: string('tool_use'),
        id: string(textIn(call, 'id')),
        name: string(textIn(called, 'name')),
        input: '{}',
      });
      this.#begin('tool_use', index, block, events);
    }
    const json = textOf(member(called, 'arguments')) ?? '';
    if (json === '') return;
    events.push(this.#delta(object({ type: string('input_json_delta'), partial_json: string(json) })));
  }

  #begin(kind: Kind, call: number, block: Json, events: string[]): void {
    events.push(...this.#stop());
    this.#open = { kind, call };
    const type = string('content_block_start');
    events.push(object({ type, index: String(this.#blocks), content_block: block }));
  }

  #stop(): readonly string[] {
    if (this.#open === undefined) return [];
    this.#open = undefined;
    return [object({ type: string('content_block_stop'), index: String(this.#blocks++) })];
  }

  #delta(delta: Json): string {
    return object({ type: string('content_block_delta'), index: String(this.#blocks), delta });
  }

  #end(): readonly string[] {
    if (!this.#started) throw upstreamInvalid('a stream without an answer');
    const said = { calls: this.#calls > 0, refuses: this.#refuses };
    const delta = object({
      stop_reason: string(stopReasonOf(this.#finish, said)),
      stop_sequence: 'null',
    });
    return [
      ...this.#stop(),
      object({ type: string('message_delta'), delta, usage: messageUsage(this.#tokens) }),
      object({ type: string('message_stop') }),
    ];
  }
}
