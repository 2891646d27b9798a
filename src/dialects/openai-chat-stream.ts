import { type KeptName } from '../domain/kept.ts';
import { replacing, upstreamInvalid } from './answer-source.ts';
import { type Revealer, type StreamReveal, type TextReveal, type Usage } from './dialect.ts';
import { type AnswerChoice, type AnswerText, namesOf, readAnswer, type Step } from './openai-chat-answer.ts';
import { escapeFor, NO_USAGE, revealedWhole, withoutLogprobs } from './openai-chat-body.ts';
import { type Splice, spliced } from './json-document.ts';

/** Texts a stream may have open at once; a runner that opens more is not answering a question. */
const MAX_FIELDS = 4096;

/** One text that grows over the events: a choice's content, its reasoning, the arguments of one tool call … */
interface Field {
  readonly choice: number;
  readonly path: readonly Step[];
  readonly reveal: TextReveal;
}

interface Revealed extends AnswerText {
  readonly field: Field | undefined;
  text: string;
}

/**
 * Events come out one for one and in order, as they came but for the restored strings. Only when a choice finishes,
 * or the stream ends, an event of our own says what a text still held back.
 */
export function createChatStreamReveal(revealer: Revealer, answer: 'text' | 'json'): StreamReveal {
  return new ChatStreamReveal(revealer, answer);
}

class ChatStreamReveal implements StreamReveal {
  readonly terminator = '[DONE]';
  done = false;
  usage: Usage = NO_USAGE;
  names: readonly KeptName[] = [];
  readonly #revealer: Revealer;
  readonly #answer: 'text' | 'json';
  readonly #fields = new Map<string, Field>();
  #head: readonly string[] = [];

  constructor(revealer: Revealer, answer: 'text' | 'json') {
    this.#revealer = revealer;
    this.#answer = answer;
  }

  push(data: string): readonly string[] {
    if (this.done) throw upstreamInvalid('an event after the end of the stream');
    if (data === this.terminator) {
      const held = this.end();
      this.done = true;
      return held;
    }
    const { choices, usage, head, id, others } = readAnswer(data);
    this.names = namesOf({ id });
    if (usage) this.usage = usage;
    const splices = revealedWhole(others, this.#revealer);
    if (choices === undefined) return [spliced(data, splices)];
    this.#head = head;
    const held: string[] = [];
    for (const choice of choices) this.#revealChoice(choice, held, splices);
    splices.sort((a, b) => a.start - b.start);
    return [...held, spliced(data, splices)];
  }

  end(): readonly string[] {
    return this.#flushed([...this.#fields.values()]);
  }

  #revealChoice(choice: AnswerChoice, held: string[], splices: Splice[]): void {
    const texts = choice.texts.map((text) => this.#revealText(choice.index, text));
    if (choice.finished) {
      // From the back: a text that occurs twice in one event ends with its last piece.
      for (const text of texts.toReversed()) text.text += text.field?.reveal.flush() ?? '';
      held.push(
        ...this.#flushed([...this.#fields.values()].filter((field) => field.choice === choice.index)),
      );
    }
    const changed = texts.filter((text) => text.text !== text.value);
    splices.push(...changed.map((found) => replacing(found, found.text)));
    splices.push(...withoutLogprobs(choice, changed.length > 0));
  }

  #revealText(choice: number, found: AnswerText): Revealed {
    const escape = escapeFor(found.rule, this.#answer);
    if (found.isSource === true || !grows(found.path)) {
      return { ...found, field: undefined, text: this.#revealer.reveal(found.value, escape) };
    }
    const field = this.#field(choice, found.path, escape);
    return { ...found, field, text: field.reveal.push(found.value) };
  }

  #field(choice: number, path: readonly Step[], escape: 'none' | 'json'): Field {
    const key = JSON.stringify([choice, ...path]);
    const known = this.#fields.get(key);
    if (known) return known;
    if (this.#fields.size >= MAX_FIELDS) throw upstreamInvalid('too many texts in one stream');
    const field = { choice, path, reveal: this.#revealer.open(escape) };
    this.#fields.set(key, field);
    return field;
  }

  #flushed(fields: readonly Field[]): string[] {
    const events: string[] = [];
    for (const { choice, path, reveal } of fields) {
      const text = reveal.flush();
      if (text !== '') events.push(this.#event(choice, path, text));
    }
    return events;
  }

  #event(choice: number, path: readonly Step[], text: string): string {
    const delta = path.reduceRight<string>((inner, step) => {
      return typeof step === 'string'
        ? `{${JSON.stringify(step)}:${inner}}`
        : `[{${named(step)}${inner.slice(1)}]`;
    }, JSON.stringify(text));
    const members = [
      ...this.#head,
      `"choices":[{"index":${choice},${delta.slice(1, -1)},"finish_reason":null}]`,
    ];
    return `{${members.join(',')}}`;
  }
}

/** The members by which a client knows an element. */
function named({ index, type }: Exclude<Step, string>): string {
  const members = [
    ...(type === undefined ? [] : [`"type":${JSON.stringify(type)},`]),
    ...(index === undefined ? [] : [`"index":${index},`]),
  ];
  return members.join('');
}

/**
 * True when later events add to the text at this path: it is inside a delta, and each array on the way says by
 * `index` which element it is; or it is what a part of a content says, of which one kind goes on at a time; or it is
 * the text of a legacy completion. A string elsewhere is whole, and so is every address.
 */
function grows(path: readonly Step[]): boolean {
  if (path[0] === 'text') return path.length === 1;
  const name = path.at(-1);
  if (path[0] !== 'delta' || name === 'url') return false;
  const inPart = path[1] === 'content' && (name === 'text' || name === 'refusal');
  return inPart || path.every((step) => typeof step === 'string' || step.index !== undefined);
}
