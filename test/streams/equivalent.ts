import { type Texts, isObject } from './assemble.ts';
import { type Recorded } from './recorded.ts';

/**
 * The same answer as a runner gives it to a call without `stream`, from the unrestored texts of the stream; undefined
 * where there is none, as for a stream that broke off.
 */
export function bodyOf({ name, end }: Recorded, raw: Texts, events: readonly string[]): string | undefined {
  if (end !== 'whole') return undefined;
  if (name === 'responses') return lastResponse(events);
  if (name === 'messages') return JSON.stringify(messageOf(raw));
  const indexes = [...new Set(Object.keys(raw).flatMap((place) => /^\d+(?=\.)/.exec(place)?.[0] ?? []))];
  const choices = indexes.map((index) => {
    const own = Object.entries(raw).filter(([place]) => place.startsWith(`${index}.`));
    const said = name === 'chat' ? { message: chatMessage(own) } : { text: raw[`${index}.text`] };
    return { index: Number(index), ...said, logprobs: null, finish_reason: 'stop' };
  });
  return JSON.stringify({ id: 'x', object: 'x', created: 1, model: 'm', choices });
}

function chatMessage(texts: readonly (readonly [string, string])[]): object {
  const message: Record<string, unknown> = { role: 'assistant', content: null };
  const calls: object[] = [];
  for (const [place, text] of texts) {
    const [, field = '', below, input] = place.split('.');
    if (below === undefined) message[field] = text;
    else if (field === 'function_call') message[field] = { name: 'f', arguments: text };
    else if (field === 'audio' && below === 'transcript')
      message[field] = { id: 'audio_1', transcript: text };
    else if (field === 'tool_calls') {
      const called =
        input === undefined
          ? { type: 'function', function: { name: 'f', arguments: text } }
          : { type: 'custom', custom: { name: 'f', input: text } };
      calls.push({ id: below, ...called });
    }
  }
  return calls.length === 0 ? message : { ...message, tool_calls: calls };
}

/** Texts of a body that was made so, by the places of the stream; what a body says elsewhere is left out. */
export function textsOfBody({ name }: Recorded, body: string): Texts {
  const parsed: unknown = JSON.parse(body);
  const texts: Texts = {};
  const items = isObject(parsed)
    ? (parsed[name === 'messages' ? 'content' : 'choices'] as readonly unknown[])
    : [];
  for (const [i, item] of items.entries()) {
    if (!isObject(item)) continue;
    if (name === 'messages')
      Object.assign(texts, blockTexts(item, typeof item['id'] === 'string' ? item['id'] : `${i}`));
    const index = String(item['index']);
    if (typeof item['text'] === 'string' && name === 'completions') texts[`${index}.text`] = item['text'];
    if (isObject(item['message'])) Object.assign(texts, messageTexts(item['message'], index));
  }
  return texts;
}

interface Called {
  readonly id: string;
  readonly function?: { readonly arguments: string };
  readonly custom?: { readonly input: string };
}

function messageTexts(message: Readonly<Record<string, unknown>>, index: string): Texts {
  const texts: Texts = {};
  for (const [field, value] of Object.entries(message)) {
    if (typeof value === 'string' && field !== 'role') texts[`${index}.${field}`] = value;
    if (field === 'function_call' && isObject(value))
      texts[`${index}.${field}.arguments`] = String(value['arguments']);
    if (field === 'audio' && isObject(value))
      texts[`${index}.audio.transcript`] = String(value['transcript']);
  }
  for (const call of (message['tool_calls'] ?? []) as readonly Called[]) {
    if (call.function) texts[`${index}.tool_calls.${call.id}`] = call.function.arguments;
    if (call.custom) texts[`${index}.tool_calls.${call.id}.input`] = call.custom.input;
  }
  return texts;
}

/** Blocks keep the index that they had in the stream as their id. */
function messageOf(raw: Texts): object {
  const content = Object.entries(raw).flatMap(([place, text]): object[] => {
    const [id = '', kind] = place.split('.');
    if (kind === 'text') return [{ id, type: 'text', text }];
    if (kind === 'thinking')
      return [{ id, type: 'thinking', thinking: text, signature: raw[`${id}.signature`] }];
    if (kind === 'partial_json')
      return [{ id, type: 'tool_use', name: 'f', input: JSON.parse(text) as unknown }];
    return [];
  });
  return { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content, stop_reason: 'end_turn' };
}

function blockTexts(block: Readonly<Record<string, unknown>>, id: string): Texts {
  if (typeof block['text'] === 'string') return { [`${id}.text`]: block['text'] };
  if (typeof block['thinking'] === 'string') return { [`${id}.thinking`]: block['thinking'] };
  return { [`${id}.partial_json`]: JSON.stringify(block['input']) };
}

function lastResponse(events: readonly string[]): string {
  const last: unknown = JSON.parse(events.at(-1) ?? '');
  return JSON.stringify(isObject(last) ? last['response'] : undefined);
}
