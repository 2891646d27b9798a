import { type KeptName } from '../domain/kept.ts';
import { LIMITS } from '../domain/limits.ts';
import {
  expectKind,
  type FoundText,
  readCounts,
  readInteger,
  readJsonText,
  readSource,
  upstreamInvalid,
} from './answer-source.ts';
import { type Usage } from './dialect.ts';
import { type JsonRange, type JsonReader } from './json-source.ts';
import { type Logprobs, readLogprobs } from './logprobs.ts';

/** An array element, found again in later events by the `index` it names; undefined when it names none. */
interface ElementStep {
  index: number | undefined;
  /** Of a part of a content that is given in parts: what it calls itself. */
  type?: string;
}
export type Step = string | ElementStep;

export interface AnswerText extends FoundText {
  /** `answer`: what the caller's response_format asks for, JSON or plain text. */
  readonly rule: 'text' | 'json' | 'answer';
  /** From the choice down. */
  readonly path: readonly Step[];
}

export interface AnswerChoice {
  index: number;
  finished: boolean;
  /** It has a `message` or a `delta`. */
  hasMessage: boolean;
  /** It has the `text` of a legacy completion. */
  hasText: boolean;
  texts: readonly AnswerText[];
  logprobs: Logprobs | undefined;
}

/** A chat completion or one chunk of it, by the places that matter. */
export interface Answer {
  /** Undefined when there is no such key: an error or an event of another kind. */
  choices: AnswerChoice[] | undefined;
  usage: Usage | undefined;
  id: string | undefined;
  /** `"id":…`, `"model":…`: the members that name the answer, as JSON text. */
  readonly head: string[];
  /** Strings beside the choices under names that are not the vendor's: citations, an error, whatever a runner adds. */
  readonly others: AnswerText[];
}

type Rule = 'keep' | AnswerText['rule'] | Fields;
interface Fields {
  readonly fields: ReadonlyMap<string, Rule>;
  /** Given for what may be a string, or parts that hold the string, parts of parts included. */
  readonly said?: AnswerText['rule'];
}

function fields(rules: Readonly<Record<string, Rule>>, said?: AnswerText['rule']): Fields {
  return { fields: new Map(Object.entries(rules)), ...(said === undefined ? {} : { said }) };
}

const CALLED = fields({ name: 'keep', arguments: 'json' });
/** Every other string of a choice is text: refusals, reasoning under any name, transcripts, annotations. */
const MESSAGE = fields({
  role: 'keep',
  content: fields({ type: 'keep' }, 'answer'),
  // In a stream these come again with each piece, by which clients know what the piece goes on.
  reasoning_details: fields({ type: 'keep', id: 'keep', format: 'keep', signature: 'keep', data: 'keep' }),
  tool_calls: fields({
    id: 'keep',
    type: 'keep',
    function: CALLED,
    custom: fields({ name: 'keep', input: 'text' }),
  }),
  function_call: CALLED,
  audio: fields({ id: 'keep', data: 'keep' }),
});
const HEAD = new Set(['id', 'object', 'created', 'model', 'system_fingerprint', 'service_tier']);

/** Throws `upstream_invalid` on what is no chat completion. */
export function readAnswer(source: string): Answer {
  return readSource(source, readMembers);
}

function readMembers(reader: JsonReader): Answer {
  const answer: Answer = { choices: undefined, usage: undefined, id: undefined, head: [], others: [] };
  expectKind(reader, 'object');
  reader.object((key) => {
    if (key.value === 'choices') answer.choices = readChoices(reader);
    else if (key.value === 'usage') answer.usage = readUsage(reader) ?? answer.usage;
    else if (HEAD.has(key.value)) {
      const isId = key.value === 'id' && reader.kind() === 'string';
      const { start, end } = isId ? readId(reader, answer) : reader.skip();
      answer.head.push(`${JSON.stringify(key.value)}:${reader.source.slice(start, end)}`);
    } else readTexts(reader, 'text', [key.value], answer.others);
  });
  return answer;
}

function readId(reader: JsonReader, answer: Answer): JsonRange {
  const id = reader.string();
  answer.id = id.value;
  return id;
}

/** Under which id a runner that was asked to keeps the completion. */
export function namesOf({ id }: Pick<Answer, 'id'>): readonly KeptName[] {
  return id === undefined ? [] : [{ kind: 'completion', id }];
}

function readChoices(reader: JsonReader): AnswerChoice[] {
  const choices: AnswerChoice[] = [];
  // One list for all choices, so that its limit holds for the answer and not for each of ever so many choices.
  const texts: AnswerText[] = [];
  expectKind(reader, 'array');
  reader.array((position) => {
    choices.push(readChoice(reader, position, texts));
  });
  return choices;
}

function readChoice(reader: JsonReader, position: number, texts: AnswerText[]): AnswerChoice {
  const before = texts.length;
  const choice: AnswerChoice = {
    index: position,
    finished: false,
    hasMessage: false,
    hasText: false,
    texts: [],
    logprobs: undefined,
  };
  expectKind(reader, 'object');
  reader.object(({ value: key }) => {
    if (key === 'index') choice.index = readInteger(reader);
    else if (key === 'logprobs') choice.logprobs = readLogprobs(reader);
    else if (key === 'finish_reason') {
      // Some runners write "" where others write null.
      choice.finished = reader.kind() === 'string' ? reader.string().value !== '' : isAbsent(reader);
    } else if (key === 'message' || key === 'delta') {
      if (reader.kind() !== 'null') {
        expectKind(reader, 'object');
        choice.hasMessage = true;
      }
      readTexts(reader, MESSAGE, [key], texts);
    } else if (key === 'text') {
      choice.hasText = reader.kind() === 'string';
      readTexts(reader, 'answer', [key], texts);
    } else readTexts(reader, 'text', [key], texts);
  });
  choice.texts = texts.slice(before);
  return choice;
}

function isAbsent(reader: JsonReader): false {
  reader.null();
  return false;
}

function readTexts(reader: JsonReader, rule: Rule, path: readonly Step[], texts: AnswerText[]): void {
  const kind = reader.kind();
  if (kind === 'string' || (rule === 'json' && (kind === 'object' || kind === 'array'))) {
    const found = kind === 'string' ? reader.string() : readJsonText(reader);
    const textRule = typeof rule === 'object' ? (rule.said ?? 'text') : rule;
    if (textRule === 'keep') return;
    if (texts.length >= LIMITS.slotsPerCall) throw upstreamInvalid('too many texts in one answer');
    texts.push({ ...found, rule: textRule, path });
  } else if (kind === 'array') {
    reader.array(() => {
      readTexts(reader, rule, [...path, { index: undefined }], texts);
    });
  } else if (kind === 'object') {
    const element = path.at(-1);
    reader.object(({ value: key }) => {
      if (key === 'index' && typeof element === 'object' && reader.kind() === 'number') {
        element.index = readInteger(reader);
      } else if (
        key === 'type' &&
        typeof element === 'object' &&
        path[1] === 'content' &&
        reader.kind() === 'string'
      ) {
        element.type = reader.string().value;
      } else readTexts(reader, ruleBelow(rule, key), [...path, key], texts);
    });
  } else reader.skip();
}

function ruleBelow(rule: Rule, key: string): Rule {
  if (typeof rule !== 'object') return rule;
  return rule.fields.get(key) ?? (rule.said === undefined ? 'text' : rule);
}

export function readUsage(reader: JsonReader): Usage | undefined {
  const counts = readCounts(reader);
  if (counts.size === 0) return undefined;
  return { promptTokens: counts.get('prompt_tokens'), completionTokens: counts.get('completion_tokens') };
}
