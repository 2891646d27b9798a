import { CordonError } from '../domain/errors.ts';
import { type KeptName } from '../domain/kept.ts';
import { type Answer, type AnswerText, latest, namesOf, readAnswer } from './anthropic-answer.ts';
import { type Revealer, type StreamReveal, type TextReveal, type Usage } from './dialect.ts';
import { type Splice, spliced } from './json-document.ts';
import { replacing, upstreamInvalid } from './answer-source.ts';
import { escapeFor, NO_USAGE } from './openai-chat-body.ts';

/** Texts a stream may have open at once; a runner that opens more is not answering a question. */
const MAX_FIELDS = 4096;

/** One text that grows over the events: the text, the thinking or the input of one content block. */
interface Field {
  readonly index: number;
  readonly name: string;
  readonly delta: string;
  readonly reveal: TextReveal;
}

/** What a content block may begin with, and the delta that goes on with it. */
const BEGUN: ReadonlyMap<string, string> = new Map([
  ['text', 'text_delta'],
  ['thinking', 'thinking_delta'],
]);

/**
 * Events come out one for one and in order, as they came but for the restored strings. When a block stops, or the
 * stream ends, a delta of our own says first what a text still held back.
 */
export function createMessageStreamReveal(revealer: Revealer, answer: 'text' | 'json'): StreamReveal {
  return new MessageStreamReveal(revealer, answer);
}

class MessageStreamReveal implements StreamReveal {
  done = false;
  terminator = '';
  usage: Usage = NO_USAGE;
  names: readonly KeptName[] = [];
  readonly #revealer: Revealer;
  readonly #answer: 'text' | 'json';
  readonly #fields = new Map<string, Field>();

  constructor(revealer: Revealer, answer: 'text' | 'json') {
    this.#revealer = revealer;
    this.#answer = answer;
  }

  push(data: string): readonly string[] {
    if (this.done) throw upstreamInvalid('an event after the end of the stream');
    const event = readAnswer(data);
    this.usage = latest(this.usage, event.usage);
    this.names = namesOf(event);
    const held = this.#held(event);
    const splices: Splice[] = [];
    for (const text of event.texts) {
      const revealed = this.#reveal(event, text);
      if (revealed !== text.value) splices.push(replacing(text, revealed));
    }
    const out = spliced(data, splices);
    if (event.type !== 'message_stop') return [...held, out];
    this.done = true;
    this.terminator = out;
    return held;
  }

  end(): readonly string[] {
    return this.#flushed(() => true);
  }

  /** What must be said before this event. */
  #held(event: Answer): readonly string[] {
    switch (event.type) {
      case 'content_block_stop':
        return this.#flushed((field) => field.index === event.index);
      case 'content_block_delta':
        // A signature closes the thinking that it signs.
        return event.part === 'signature_delta' ? this.#flushed((field) => field.index === event.index) : [];
      case 'message_delta':
      case 'message_stop':
        return this.end();
      case 'error':
        throw upstreamFailure(event.part);
      case undefined:
        throw upstreamInvalid('an event has no type');
      default:
        return [];
    }
  }

  #reveal(event: Answer, text: AnswerText): string {
    const escape = escapeFor(text.rule, this.#answer);
    const [parent, name = '', below] = text.path.split('.');
    if (below === undefined && parent === 'delta' && event.type === 'content_block_delta') {
      return this.#field(event, name, event.part ?? '', escape).reveal.push(text.value);
    }
    const goesOn = BEGUN.get(name);
    if (below === undefined && parent === 'content_block' && goesOn !== undefined) {
      return this.#field(event, name, goesOn, escape).reveal.push(text.value);
    }
    return this.#revealer.reveal(text.value, escape);
  }

  #field(event: Answer, name: string, delta: string, escape: 'none' | 'json'): Field {
    if (event.index === undefined) throw upstreamInvalid('an event names no content block');
    const key = `${event.index}.${name}`;
    const known = this.#fields.get(key);
    if (known) return known;
    if (this.#fields.size >= MAX_FIELDS) throw upstreamInvalid('too many texts in one stream');
    const field = { index: event.index, name, delta, reveal: this.#revealer.open(escape) };
    this.#fields.set(key, field);
    return field;
  }

  /** What these fields held back, as events; the fields are closed. */
  #flushed(wanted: (field: Field) => boolean): readonly string[] {
    const events: string[] = [];
    for (const [key, field] of this.#fields) {
      if (!wanted(field)) continue;
      this.#fields.delete(key);
      const text = field.reveal.flush();
      if (text === '') continue;
      const { index, name, delta } = field;
      events.push(
        JSON.stringify({ type: 'content_block_delta', index, delta: { type: delta, [name]: text } }),
      );
    }
    return events;
  }
}

/** An error inside a stream, as ours: the vendor's message may quote the prompt. */
export function upstreamFailure(type: string | undefined): CordonError {
  const detail = `event=${type !== undefined && /^[a-z][a-z_]{0,63}$/.test(type) ? type : 'error'}`;
  if (type === 'overloaded_error') {
    return new CordonError('upstream_unavailable', 'The model runner is overloaded; try again shortly.', {
      detail,
      retryAfterS: 5,
    });
  }
  if (type === 'rate_limit_error') {
    return new CordonError('too_many_requests', 'The model runner is rate-limiting; try again shortly.', {
      detail,
      retryAfterS: 5,
    });
  }
  return new CordonError('upstream_error', 'The model runner failed while it answered.', { detail });
}
