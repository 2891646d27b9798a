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
import { type JsonReader } from './json-source.ts';
import { NO_USAGE } from './openai-chat-body.ts';

export interface AnswerText extends FoundText {
  /** `answer`: what the caller's output format asks for, JSON or plain text. */
  readonly rule: 'text' | 'json' | 'answer';
  /** From the top down, joined by dots; `*` for an element. */
  readonly path: string;
}

/** A message, or one event of its stream, by the places that matter. */
export interface Answer {
  readonly type: string | undefined;
  /** Of the content block that an event is about. */
  readonly index: number | undefined;
  /** Type of the delta, of the content block begun, or of the error. */
  readonly part: string | undefined;
  readonly hasContent: boolean;
  readonly usage: Usage;
  /** The container in which the vendor ran code for this answer. */
  readonly container: string | undefined;
  /** In document order and disjoint. */
  readonly texts: readonly AnswerText[];
}

/** Names and states by which a client goes, and what the vendor wants back byte for byte. All else is text. */
const STRUCTURE = new Set([
  ...[
    'id',
    'type',
    'role',
    'model',
    'name',
    'stop_reason',
    'category',
    'tool_use_id',
    'tool_id',
    'tool_name',
  ],
  ...['toolset_name', 'signature', 'encrypted_content', 'encrypted_index', 'encrypted_stdout', 'file_id'],
  ...['media_type', 'service_tier', 'skill_id', 'version', 'expires_at', 'error_code', 'file_type'],
]);
const PARTS = new Set(['delta.type', 'content_block.type', 'error.type']);
const CONTAINERS = new Set(['container.id', 'message.container.id', 'delta.container.id']);
const USAGES = new Set(['usage', 'message.usage']);
const RULES: ReadonlyMap<string, AnswerText['rule']> = new Map([
  ['content.*.text', 'answer'],
  ['message.content.*.text', 'answer'],
  ['content_block.text', 'answer'],
  ['delta.text', 'answer'],
  ['delta.partial_json', 'json'],
  // An object; from some runners a string with the JSON text that the model wrote.
  ['content.*.input', 'json'],
  ['message.content.*.input', 'json'],
  ['content_block.input', 'json'],
]);

/** Throws `upstream_invalid` on what is no JSON object. */
export function readAnswer(source: string): Answer {
  return readSource(source, (reader) => new AnswerReader(reader).read());
}

/** What the vendor keeps under a name. */
export function namesOf({ container }: Answer): readonly KeptName[] {
  return container === undefined ? [] : [{ kind: 'container', id: container }];
}

/** The later of two counts, place by place. */
export function latest(before: Usage, now: Usage): Usage {
  return {
    promptTokens: now.promptTokens ?? before.promptTokens,
    completionTokens: now.completionTokens ?? before.completionTokens,
  };
}

class AnswerReader {
  readonly #reader: JsonReader;
  readonly #texts: AnswerText[] = [];
  #type: string | undefined;
  #index: number | undefined;
  #part: string | undefined;
  #hasContent = false;
  #usage: Usage = NO_USAGE;
  #container: string | undefined;

  constructor(reader: JsonReader) {
    this.#reader = reader;
  }

  read(): Answer {
    expectKind(this.#reader, 'object');
    this.#value('');
    return {
      type: this.#type,
      index: this.#index,
      part: this.#part,
      hasContent: this.#hasContent,
      usage: this.#usage,
      container: this.#container,
      texts: this.#texts,
    };
  }

  #value(path: string): void {
    const reader = this.#reader;
    const kind = reader.kind();
    if (RULES.get(path) === 'json' && (kind === 'object' || kind === 'array')) {
      this.#add({ ...readJsonText(reader), rule: 'json', path });
      return;
    }
    switch (kind) {
      case 'string':
        this.#string(path);
        break;
      case 'array':
        if (path === 'content') this.#hasContent = true;
        reader.array(() => {
          this.#value(`${path}.*`);
        });
        break;
      case 'object':
        reader.object((key) => {
          const below = path === '' ? key.value : `${path}.${key.value}`;
          if (USAGES.has(below)) this.#usage = latest(this.#usage, readUsage(reader));
          else if (below === 'index' && reader.kind() === 'number') this.#index = readInteger(reader);
          else this.#value(below);
        });
        break;
      default:
        reader.skip();
    }
  }

  #string(path: string): void {
    const string = this.#reader.string();
    const rule = RULES.get(path) ?? 'text';
    if (STRUCTURE.has(path.slice(path.lastIndexOf('.') + 1))) {
      if (path === 'type') this.#type = string.value;
      else if (PARTS.has(path)) this.#part = string.value;
      else if (CONTAINERS.has(path)) this.#container = string.value;
    } else this.#add({ ...string, rule, path });
  }

  #add(text: AnswerText): void {
    if (this.#texts.length >= LIMITS.slotsPerCall) throw upstreamInvalid('too many texts in one answer');
    this.#texts.push(text);
  }
}

/** Cached input is not in `input_tokens`, and it is input all the same. */
function readUsage(reader: JsonReader): Usage {
  const counts = readCounts(reader);
  const fresh = counts.get('input_tokens');
  const cached = ['cache_creation_input_tokens', 'cache_read_input_tokens'].map(
    (key) => counts.get(key) ?? 0,
  );
  return {
    promptTokens: fresh === undefined ? undefined : cached.reduce((sum, count) => sum + count, fresh),
    completionTokens: counts.get('output_tokens'),
  };
}
