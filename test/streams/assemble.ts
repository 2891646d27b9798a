import { type DialectName } from './recorded.ts';

type Json = Readonly<Record<string, unknown>>;
export type Texts = Record<string, string>;

const STRUCTURE = new Set(['role', 'type', 'id', 'name', 'tool_use_id', 'file_id']);
const CHAT_HEAD = new Set([
  ...['id', 'object', 'created', 'model', 'system_fingerprint', 'service_tier', 'usage', 'choices'],
  ...['obfuscation', 'prompt_filter_results', 'type'],
]);

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Adds each string of a value to the text at its place; elements are known by their `index`. */
function addTexts(texts: Texts, value: unknown, place: string): void {
  if (typeof value === 'string') {
    if (value !== '') texts[place] = (texts[place] ?? '') + value;
  } else if (Array.isArray(value)) {
    for (const element of value) {
      const index = isObject(element) ? element['index'] : undefined;
      addTexts(texts, element, `${place}.${typeof index === 'number' ? index : 'x'}`);
    }
  } else if (isObject(value)) {
    for (const [key, below] of Object.entries(value)) {
      if (!STRUCTURE.has(key)) addTexts(texts, below, place === '' ? key : `${place}.${key}`);
    }
  }
}

function assembleChat(texts: Texts, event: Json): void {
  for (const choice of (event['choices'] ?? []) as readonly Json[]) {
    addTexts(texts, choice['delta'] ?? choice['text'], String(choice['index']));
  }
  for (const [key, value] of Object.entries(event)) if (!CHAT_HEAD.has(key)) addTexts(texts, value, key);
}

function assembleMessage(texts: Texts, event: Json): void {
  const { type, index, content_block: block, delta, note } = event;
  addTexts(texts, note, 'note');
  if (type === 'message_delta' && isObject(delta)) addTexts(texts, delta['stop_sequence'], 'stop_sequence');
  else if (typeof index === 'number') {
    addTexts(texts, block, `${index}`);
    addTexts(texts, delta, `${index}`);
  }
}

function assembleResponse(texts: Texts, event: Json): void {
  const kind = /^response\.(\w+)\.delta$/.exec(String(event['type']))?.[1];
  if (kind !== undefined) addTexts(texts, event['delta'], placeOf(event, kind));
  const { annotation, response, note, message } = event;
  if (isObject(note)) addTexts(texts, note['to'], 'note');
  addTexts(texts, message, 'error');
  if (isObject(response) && isObject(response['error']))
    addTexts(texts, response['error']['message'], 'error');
  if (!isObject(annotation)) return;
  const said: Texts = {};
  addTexts(said, annotation, '');
  texts['annotations'] = [texts['annotations'] ?? [], Object.values(said)].flat().join('|');
}

function placeOf(event: Json, kind: string): string {
  const part = Number(event['content_index'] ?? event['summary_index'] ?? 0);
  return `${Number(event['output_index'])}.${kind}.${part}`;
}

/** What a client that adds up the events of a stream ends with, by place: `0.content`, `1.tool_calls.2` … */
export function assemble(name: DialectName, events: readonly string[]): Texts {
  const add = {
    chat: assembleChat,
    completions: assembleChat,
    messages: assembleMessage,
    responses: assembleResponse,
  };
  const texts: Texts = {};
  for (const data of events) {
    const event: unknown = data === '[DONE]' ? undefined : JSON.parse(data);
    if (isObject(event)) add[name](texts, event);
  }
  return Object.fromEntries(
    Object.entries(texts).map(([place, text]) => [
      place
        .replace(/^(\d+\.tool_calls\.\w+)\.(?:function\.arguments|custom(\.input))$/, '$1$2')
        .replace(/^(\d+)$/, '$1.text'),
      text,
    ]),
  );
}

/** The texts that the closing events of a Responses stream say whole, by the places of their deltas. */
export function closingTexts(events: readonly string[]): Texts {
  const texts: Texts = {};
  for (const data of events) {
    const event: unknown = JSON.parse(data);
    if (!isObject(event)) continue;
    const kind = /^response\.(\w+)\.done$/.exec(String(event['type']))?.[1];
    const whole = ['text', 'refusal', 'arguments', 'input', 'code'].map((key) => event[key]).find(Boolean);
    if (kind !== undefined && typeof whole === 'string') texts[placeOf(event, kind)] = whole;
  }
  return texts;
}
