import { type KeptName } from '../domain/kept.ts';
import { type ParsedRequest, type Revealer, type StreamReveal, type TextReveal } from './dialect.ts';
import { upstreamInvalid } from './answer-source.ts';
import { escapeFor, NO_USAGE } from './openai-chat-body.ts';
import { type Splice, spliced } from './json-document.ts';
import { emptied } from './logprobs.ts';
import { type EventHead, readEvent, ruleOfEvent, type TextRule } from './openai-responses-answer.ts';

/** Texts a stream may have open at once; a runner that opens more is not answering a question. */
const MAX_FIELDS = 4096;
/** There is no `[DONE]`: one of these is the last event. */
const LAST = new Set(['response.completed', 'response.incomplete', 'response.failed', 'response.cancelled']);

/** One text that grows over the events: a content part's, a summary's, the arguments of one tool call … */
interface Field {
  readonly head: EventHead;
  readonly reveal: TextReveal;
}

/**
 * Events come out one for one and in order, as they came but for the restored strings. Before the event that closes a
 * text, an event of our own says what the text still held back; those after it are numbered on.
 */
export class ResponsesStreamReveal implements StreamReveal {
  done = false;
  terminator = '';
  usage = NO_USAGE;
  names: readonly KeptName[] = [];
  readonly #revealer: Revealer;
  readonly #answer: ParsedRequest['answer'];
  readonly #fields = new Map<string, Field>();
  #inserted = 0;
  #lastSequence: number | undefined;

  constructor(revealer: Revealer, answer: ParsedRequest['answer']) {
    this.#revealer = revealer;
    this.#answer = answer;
  }

  push(data: string): readonly string[] {
    if (this.done) throw upstreamInvalid('an event after the end of the stream');
    const reveal = (value: string, rule: TextRule): string =>
      this.#revealer.reveal(value, escapeFor(rule, this.#answer));
    const { head, splices, usage, names } = readEvent(data, reveal);
    if (usage) this.usage = usage;
    this.names = names;
    const last = LAST.has(head.type);
    const closed = [...this.#fields].filter(([, field]) => last || closes(head, field.head));
    const events = this.#flushed(closed, head.sequence?.value);
    if (head.delta) this.#revealDelta(head, head.delta, splices);
    if (head.logprobs) splices.push(...emptied(head.logprobs, textOf(head), splices.length > 0));
    if (head.sequence) splices.push(this.#numbered(head.sequence));
    splices.sort((a, b) => a.start - b.start);
    const event = spliced(data, splices);
    if (!last) return [...events, event];
    this.terminator = event;
    this.done = true;
    return events;
  }

  end(): readonly string[] {
    const next = this.#lastSequence === undefined ? undefined : this.#lastSequence + 1 - this.#inserted;
    return this.#flushed([...this.#fields], next);
  }

  #revealDelta(head: EventHead, delta: NonNullable<EventHead['delta']>, splices: Splice[]): void {
    const rule = ruleOfEvent(head.type);
    if (rule === 'keep') return;
    const text = this.#field(head, rule).reveal.push(delta.value);
    if (text !== delta.value) {
      splices.push({ start: delta.start, end: delta.end, json: JSON.stringify(text) });
    }
  }

  #field(head: EventHead, rule: TextRule): Field {
    const { type, itemId, outputIndex, contentIndex, summaryIndex } = head;
    // Clients go by the places. Some runners give an item another id in each event.
    const item = outputIndex === undefined ? itemId : undefined;
    const key = JSON.stringify([type, item, outputIndex, contentIndex, summaryIndex]);
    const known = this.#fields.get(key);
    if (known) return known;
    if (this.#fields.size >= MAX_FIELDS) throw upstreamInvalid('too many texts in one stream');
    const field = { head, reveal: this.#revealer.open(escapeFor(rule, this.#answer)) };
    this.#fields.set(key, field);
    return field;
  }

  /** What closed texts still held, as events in front of the one that has this number. */
  #flushed(fields: readonly (readonly [string, Field])[], sequence: number | undefined): string[] {
    const events: string[] = [];
    for (const [key, { head, reveal }] of fields) {
      this.#fields.delete(key);
      const text = reveal.flush();
      if (text === '') continue;
      const number = sequence === undefined ? undefined : sequence + this.#inserted;
      if (number !== undefined) {
        this.#inserted++;
        this.#lastSequence = number;
      }
      events.push(deltaEvent(head, text, number));
    }
    return events;
  }

  #numbered({ start, end, value }: NonNullable<EventHead['sequence']>): Splice {
    this.#lastSequence = value + this.#inserted;
    return { start, end, json: String(this.#lastSequence) };
  }
}

/**
 * True when the event says that this text is whole: `response.X.done` for `response.X.delta`, or the end of the part
 * or the item it stands in. What an event does not place, it closes everywhere below.
 */
function closes(event: EventHead, field: EventHead): boolean {
  if (!event.type.endsWith('.done')) return false;
  const sameKind = event.type.slice(0, -'.done'.length) === field.type.replace(/\.delta$/, '');
  if (!sameKind && event.outputIndex === undefined) return false;
  return (
    [undefined, field.outputIndex].includes(event.outputIndex) &&
    [undefined, field.contentIndex].includes(event.contentIndex) &&
    [undefined, field.summaryIndex].includes(event.summaryIndex)
  );
}

function textOf({ delta, text }: EventHead): string {
  return delta?.value ?? text ?? '';
}

/** An event of our own; members that are undefined are left out. */
function deltaEvent(head: EventHead, text: string, sequence: number | undefined): string {
  return JSON.stringify({
    type: head.type,
    sequence_number: sequence,
    item_id: head.itemId,
    output_index: head.outputIndex,
    content_index: head.contentIndex,
    summary_index: head.summaryIndex,
    delta: text,
    logprobs: head.logprobs && [],
  });
}
