import { type KeptName } from '../domain/kept.ts';
import { LIMITS } from '../domain/limits.ts';
import {
  ANSWER_JSON,
  type FoundText,
  readCounts,
  readJsonText,
  readSource,
  replacing,
  upstreamInvalid,
} from './answer-source.ts';
import { type Usage } from './dialect.ts';
import { type Splice } from './json-document.ts';
import { JsonReader, JsonSourceError, type JsonRange } from './json-source.ts';
import { emptied, type Logprobs, readLogprobs } from './logprobs.ts';

/** `answer`: what the caller's text.format asks for, JSON or plain text. */
export type TextRule = 'text' | 'json' | 'answer';
type Rule = 'keep' | TextRule | Fields | Part;
/** Members by name; every string under a name that is not here is text. */
interface Fields {
  readonly fields: ReadonlyMap<string, Rule>;
}
/** A content part: only what an `output_text` says is the answer asked for, and a refusal or reasoning is not. */
type Part = 'part';

const KEPT = ['id', 'type', 'status', 'role', 'model', 'object', 'name', 'namespace', 'phase', 'execution'];
const KEPT_IDS = ['call_id', 'item_id', 'container_id', 'file_id', 'approval_request_id', 'created_by'];

function fields(rules: Readonly<Record<string, Rule>>): Fields {
  const kept = [...KEPT, ...KEPT_IDS].map((name) => [name, 'keep'] as const);
  return { fields: new Map([...kept, ...Object.entries(rules)]) };
}

/** Base64 and what is sealed hold no placeholder; they are kept. */
const ITEM = fields({
  content: 'part',
  arguments: 'json',
  encrypted_content: 'keep',
  fingerprint: 'keep',
  server_label: 'keep',
});
const OUTPUT_TEXT = fields({ text: 'answer' });
const OTHER_PART = fields({});
const RESPONSE = fields({
  output: ITEM,
  instructions: ITEM,
  previous_response_id: 'keep',
  service_tier: 'keep',
  truncation: 'keep',
});

/** Puts values back into one string of the answer. */
export type RevealText = (value: string, rule: TextRule) => string;

/** What the outermost object of an event says beside its texts. */
export interface EventHead {
  readonly type: string;
  sequence: (JsonRange & { readonly value: number }) | undefined;
  outputIndex: number | undefined;
  contentIndex: number | undefined;
  summaryIndex: number | undefined;
  itemId: string | undefined;
  delta: (JsonRange & { readonly value: string }) | undefined;
  /** What an event that closes a text says it is. */
  readonly text: string | undefined;
  logprobs: Logprobs | undefined;
}

export interface ReadAnswer {
  readonly splices: Splice[];
  /** The ids of the response and of its items. */
  readonly names: readonly KeptName[];
  readonly usage: Usage | undefined;
}

/** A whole response. Throws `upstream_invalid` on what is none. */
export function readResponse(source: string, reveal: RevealText): ReadAnswer {
  return readWhole(source, reveal, RESPONSE);
}

function readWhole(source: string, reveal: RevealText, rule: Fields): ReadAnswer {
  return readSource(source, (reader) => {
    const walk = new AnswerWalk(reader, reveal);
    if (reader.kind() !== 'object') throw upstreamInvalid('the answer is no object');
    walk.value(rule);
    if (!walk.hasOutput) throw upstreamInvalid('the answer does not have what was asked for');
    return walk;
  });
}

const LIST = fields({ data: ITEM, first_id: 'keep', last_id: 'keep' });

const MESSAGE_LIST = fields({
  data: fields({ tool_calls: fields({ function: fields({ arguments: 'json' }) }), function_call: ITEM }),
  first_id: 'keep',
  last_id: 'keep',
});

/** A page of the items that a response was asked with. Throws `upstream_invalid` on what is none. */
export function readItems(source: string, reveal: RevealText): ReadAnswer {
  return readWhole(source, reveal, LIST);
}

/** A page of the messages of a stored chat completion. Throws `upstream_invalid` on what is none. */
export function readMessages(source: string, reveal: RevealText): ReadAnswer {
  return readWhole(source, reveal, MESSAGE_LIST);
}

/** One event of a stream; its own `delta` and `logprobs` are left for the caller, who knows what came before. */
export function readEvent(source: string, reveal: RevealText): ReadAnswer & { readonly head: EventHead } {
  return readSource(source, (reader) => {
    const walk = new AnswerWalk(reader, reveal);
    return Object.assign(walk, { head: walk.event() });
  });
}

/** A line break in a name would begin another field of the event. */
const EVENT_TYPE = /^[\w.-]{1,128}$/;

/** The type of an event; undefined on what is none. */
export function eventType(source: string): string | undefined {
  try {
    const type = new JsonReader(source, ANSWER_JSON).peekString('type');
    return type !== undefined && EVENT_TYPE.test(type) ? type : undefined;
  } catch (error) {
    if (error instanceof JsonSourceError) return undefined;
    throw error;
  }
}

/** The number of an event; undefined where it has none. */
export function sequenceOf(source: string): number | undefined {
  return readEvent(source, (value) => value).head.sequence?.value;
}

class AnswerWalk implements ReadAnswer {
  readonly splices: Splice[] = [];
  readonly names: KeptName[] = [];
  usage: Usage | undefined;
  hasOutput = false;
  readonly #reader: JsonReader;
  readonly #reveal: RevealText;
  #texts = 0;

  constructor(reader: JsonReader, reveal: RevealText) {
    this.#reader = reader;
    this.#reveal = reveal;
  }

  event(): EventHead {
    const reader = this.#reader;
    if (reader.kind() !== 'object') throw upstreamInvalid('an event is no object');
    const type = reader.peekString('type') ?? '';
    const head: EventHead = {
      type,
      text: type === 'response.output_text.done' ? reader.peekString('text') : undefined,
      sequence: undefined,
      outputIndex: undefined,
      contentIndex: undefined,
      summaryIndex: undefined,
      itemId: undefined,
      delta: undefined,
      logprobs: undefined,
    };
    reader.object(({ value: key }) => {
      const kind = reader.kind();
      if (kind === 'number') readNumber(reader, key, head);
      else if (key === 'item_id' && kind === 'string') head.itemId = reader.string().value;
      else if (key === 'delta' && kind === 'string') head.delta = reader.string();
      else if (key === 'logprobs' && kind === 'array') head.logprobs = readLogprobs(reader);
      else this.value(ruleInEvent(head.type, key));
    });
    return head;
  }

  value(rule: Rule): void {
    const reader = this.#reader;
    const kind = reader.kind();
    if (rule === 'json' && (kind === 'object' || kind === 'array')) {
      this.#text(readJsonText(reader), rule);
      return;
    }
    switch (kind) {
      case 'string':
        this.#text(reader.string(), textRule(rule));
        break;
      case 'array':
        reader.array(() => {
          this.value(rule);
        });
        break;
      case 'object':
        this.#object(rule === 'part' ? partRule(reader) : rule);
        break;
      default:
        reader.skip();
    }
  }

  #text(found: FoundText, rule: 'keep' | TextRule): void {
    if (rule === 'keep') return;
    if (++this.#texts > LIMITS.slotsPerCall) throw upstreamInvalid('too many texts in one answer');
    const text = this.#reveal(found.value, rule);
    if (text !== found.value) this.splices.push(replacing(found, text));
  }

  #name(kind: KeptName['kind']): void {
    const reader = this.#reader;
    if (reader.kind() !== 'string') reader.skip();
    else this.names.push({ kind, id: reader.string().value });
  }

  #object(rule: 'keep' | TextRule | Fields): void {
    const reader = this.#reader;
    const from = this.splices.length;
    const said = rule === OUTPUT_TEXT ? (reader.peekString('text') ?? '') : '';
    const logprobs: Logprobs[] = [];
    reader.object(({ value: key }) => {
      if (rule === RESPONSE && key === 'usage') this.usage = readUsage(reader);
      else if ((rule === RESPONSE || rule === ITEM) && key === 'id')
        this.#name(rule === RESPONSE ? 'response' : 'item');
      else if (rule === ITEM && key === 'container_id') this.#name('container');
      else if (rule === OUTPUT_TEXT && key === 'logprobs' && reader.kind() === 'array') {
        logprobs.push(readLogprobs(reader));
      } else {
        if (key === OUTPUT_AT.get(rule)) this.hasOutput ||= reader.kind() === 'array';
        this.value(ruleBelow(rule, key));
      }
    });
    const changed = this.splices.length > from;
    this.splices.push(...logprobs.flatMap((beside) => emptied(beside, said, changed)));
  }
}

/** Where an answer has what was asked for. */
const OUTPUT_AT = new Map<unknown, string>([
  [RESPONSE, 'output'],
  [LIST, 'data'],
  [MESSAGE_LIST, 'data'],
]);

function ruleBelow(rule: 'keep' | TextRule | Fields, key: string): Rule {
  return typeof rule === 'object' ? (rule.fields.get(key) ?? 'text') : rule;
}

function textRule(rule: Rule): 'keep' | TextRule {
  if (rule === 'part') return 'answer';
  return typeof rule === 'object' ? 'text' : rule;
}

function partRule(reader: JsonReader): Fields {
  return reader.peekString('type') === 'output_text' ? OUTPUT_TEXT : OTHER_PART;
}

/** How the texts of this kind of event are put back. */
export function ruleOfEvent(type: string): TextRule | 'keep' {
  if (type.startsWith('response.output_text.')) return 'answer';
  if (type.includes('call_arguments.')) return 'json';
  return type === 'response.audio.delta' ? 'keep' : 'text';
}

function ruleInEvent(type: string, key: string): Rule {
  if (key === 'response') return RESPONSE;
  if (key === 'item') return ITEM;
  if (key === 'part') return 'part';
  if (key === 'text') return ruleOfEvent(type);
  if (key === 'arguments') return 'json';
  // Filling that hides the length of a delta, and pixels.
  if (key === 'obfuscation' || key === 'partial_image_b64') return 'keep';
  return ITEM.fields.get(key) === 'keep' ? 'keep' : 'text';
}

function readNumber(reader: JsonReader, key: string, head: EventHead): void {
  const { start, end } = reader.number();
  const value = Number(reader.source.slice(start, end));
  const place = INDEXES.get(key);
  if (place === undefined && key !== 'sequence_number') return;
  if (!Number.isSafeInteger(value) || value < 0) throw upstreamInvalid('an index is not a whole number');
  if (place === undefined) head.sequence = { start, end, value };
  else head[place] = value;
}

const INDEXES: ReadonlyMap<string, 'outputIndex' | 'contentIndex' | 'summaryIndex'> = new Map([
  ['output_index', 'outputIndex'],
  ['content_index', 'contentIndex'],
  ['summary_index', 'summaryIndex'],
]);

function readUsage(reader: JsonReader): Usage | undefined {
  const counts = readCounts(reader);
  if (counts.size === 0) return undefined;
  return { promptTokens: counts.get('input_tokens'), completionTokens: counts.get('output_tokens') };
}
