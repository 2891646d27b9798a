import { JsonReader } from '../dialects/json-source.ts';
import { MESSAGE, MODEL, TOOL, TOOL_CALL } from '../dialects/openai-chat-request.ts';
import { parseAlong } from '../dialects/parsed-request.ts';
import { oneOf, orNull, record, type Shape, type Structure } from '../dialects/shape.ts';
import { type TextSlot } from '../domain/call.ts';
import { LIMITS } from '../domain/limits.ts';
import { type JsonObject } from '../domain/json.ts';

const ANY_STRING: Structure = { allows: () => true, otherwise: 'refuse', chosen: false };

/** What LiteLLM tells about itself and its caller. It is neither answered nor kept nor passed on. */
function about(): Shape {
  const shape: Shape = {
    string: ANY_STRING,
    number: 'fixed',
    boolean: true,
    null: true,
    get array() {
      return shape;
    },
    object: {
      keys: new Map(),
      rest: {
        key: ANY_STRING,
        get value() {
          return shape;
        },
      },
    },
  };
  return shape;
}
const ABOUT = about();
const ABOUT_AT = [
  'request_data',
  'request_headers',
  'litellm_version',
  'additional_provider_specific_params',
  'usage',
];
const CALL_ID: Structure = { allows: (value) => value.length <= 256, otherwise: 'refuse', chosen: false };

/**
 * LiteLLM's generic guardrail request, place by place (docs.litellm.ai, "Generic Guardrail API", and its
 * GenericGuardrailAPIRequest). A key that is not here is refused, and so the call is: it might be text on its way to a
 * model.
 */
export const LITELLM_REQUEST: Shape = record(
  {
    input_type: { string: oneOf('request', 'response') },
    litellm_call_id: { string: CALL_ID, null: true },
    litellm_trace_id: { string: CALL_ID, null: true },
    texts: { array: { string: 'prose' }, null: true },
    images: { array: { string: 'opaque' }, null: true },
    tools: { array: TOOL, null: true },
    tool_calls: { array: TOOL_CALL, null: true },
    structured_messages: { array: MESSAGE, null: true },
    model: orNull(MODEL),
    ...Object.fromEntries(ABOUT_AT.map((name) => [name, ABOUT])),
  },
  ['input_type'],
);

const STRINGS = { type: 'array', items: { type: 'string' } };

/** GenericGuardrailAPIResponse. */
export const LITELLM_ANSWER_SCHEMA: JsonObject = {
  type: 'object',
  required: ['action'],
  properties: {
    action: { enum: ['NONE', 'GUARDRAIL_INTERVENED', 'BLOCKED'] },
    blocked_reason: { type: 'string', description: 'With BLOCKED; names types and places only.' },
    texts: { ...STRINGS, description: 'One for each text of the request.' },
    tools: { type: 'array', items: { type: 'object' } },
    structured_messages: { type: 'array', items: { type: 'object' } },
    stream_holdback_chars: {
      type: 'array',
      items: { type: 'integer' },
      description: 'How much at the end of each text may still become a placeholder.',
    },
  },
};

export interface LitellmRequest {
  readonly inputType: 'request' | 'response';
  readonly callId: string | undefined;
  readonly model: string;
  readonly slots: readonly TextSlot[];
  readonly structural: number;
  /** Whether messages came along, which LiteLLM takes back rewritten. */
  readonly hasMessages: boolean;
  /** The texts to be looked at, of an answer of a model. */
  readonly texts: readonly string[];
  /** The answer with the slots so rewritten, as JSON text; `changed` is what differs. */
  rewritten(texts: readonly string[]): string;
}

export function parseLitellm(source: string): LitellmRequest {
  let inputType: LitellmRequest['inputType'] = 'request';
  let callId: string | undefined;
  const request = parseAlong(source, LITELLM_REQUEST, (pointer, value) => {
    if (pointer === '/input_type' && value === 'response') inputType = 'response';
    else if (pointer === '/litellm_call_id') callId = String(value);
    return false;
  });
  const before = members(source);
  const { structural, model } = request;
  // A long number in what LiteLLM tells about itself is nobody's number on its way to a model.
  const shown = request.slots.flatMap(({ pointer }, i) =>
    ABOUT_AT.includes(pointer.split('/', 2)[1] ?? '') ? [] : [i],
  );
  const slots = shown.flatMap((i) => request.slots[i] ?? []);
  return {
    inputType,
    callId,
    model,
    slots,
    structural,
    hasMessages: (before.get('structured_messages') ?? 'null') !== 'null',
    texts: (JSON.parse(before.get('texts') ?? 'null') as readonly string[] | null) ?? [],
    rewritten(texts) {
      if (texts.length !== slots.length) throw new TypeError('rewritten needs one text for each slot');
      const all = request.slots.map(({ text }) => text);
      for (const [i, at] of shown.entries()) all[at] = texts[i] ?? '';
      const after = members(request.build(all));
      const changed = ['texts', 'tools', 'structured_messages'].filter(
        (name) => after.get(name) !== before.get(name),
      );
      if (changed.length === 0) return JSON.stringify({ action: 'NONE' });
      // The texts go along whatever changed: who reads only them gets them protected.
      const names = [...new Set(['texts', ...changed])].filter((name) => after.has(name));
      const parts = names.map((name) => `,${JSON.stringify(name)}:${after.get(name) ?? 'null'}`);
      return `{"action":"GUARDRAIL_INTERVENED"${parts.join('')}}`;
    },
  };
}

/** The members of an object as they stand in its source, so that what is passed on keeps every digit. */
function members(source: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const reader = new JsonReader(source, {
    maxDepth: LIMITS.jsonDepth,
    maxValues: 10 * LIMITS.slotsPerCall,
    loneSurrogates: 'refuse',
  });
  reader.object(({ value: name }) => {
    const { start, end } = reader.skip();
    found.set(name, source.slice(start, end));
  });
  return found;
}

/** An answer of a model with values put back. `held`: what may go on at the end of each text, in characters. */
export function renderRestored(
  before: readonly string[],
  after: readonly string[],
  held: readonly number[],
): string {
  const holdback = held.some((count) => count > 0) ? { stream_holdback_chars: held } : {};
  if (before.every((text, i) => text === after[i]) && held.every((count) => count === 0)) {
    return JSON.stringify({ action: 'NONE' });
  }
  return JSON.stringify({ action: 'GUARDRAIL_INTERVENED', texts: after, ...holdback });
}

export function renderBlocked(reason: string): string {
  return JSON.stringify({ action: 'BLOCKED', blocked_reason: reason });
}
