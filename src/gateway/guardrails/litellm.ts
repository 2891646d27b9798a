import { type TextSlot } from '../../domain/call.ts';
import { CordonError, type ErrorCode } from '../../domain/errors.ts';
import { type Revealer } from '../../domain/reveal.ts';
import { type Span } from '../../domain/span.ts';
import {
  type LitellmRequest,
  parseLitellm,
  renderBlocked,
  renderRestored,
} from '../../guardrails/litellm.ts';
import { protect } from '../../redact/protect.ts';
import { createRevealer } from '../../redact/revealer.ts';
import { type Guard, type GuardAnswer, type Guardrail } from '../guardrail.ts';

const TOLD: ReadonlySet<ErrorCode> = new Set(['entity_blocked', 'content_opaque', 'answer_blocked']);

/**
 * LiteLLM's generic guardrail. Before a call its texts, tools and messages are protected; after it the values are put
 * back, where this process still knows them, and what the model made up is handled as the policy's output rules say. Placeholders are named after a keyed hash here: callers of LiteLLM may
 * choose the id of a call, and who chose another's could have `<PERSON_1>` filled with a stranger's name.
 */
export const guardLitellm: Guardrail = {
  operation: 'guardrail',
  async answer(guard, source) {
    const request = parseLitellm(source);
    guard.admit(request.model === '' ? '*' : request.model);
    return request.inputType === 'request' ? protectRequest(guard, request) : restoreAnswer(guard, request);
  },
  refusal(error) {
    if (!TOLD.has(error.code)) return undefined;
    return renderBlocked(error.param === undefined ? error.message : `${error.message} At ${error.param}.`);
  },
};

async function protectRequest(guard: Guard, request: LitellmRequest): Promise<GuardAnswer> {
  const { deps, call } = guard;
  const { slots, structural } = request;
  const spans = await guard.inspect(slots, structural);
  const { byEntity } = guard.decide(slots, spans);
  const safe = protect(slots, spans, {
    handlingOf: (entity) => byEntity[entity] ?? 'block',
    pseudonym: (value, scope) => deps.pseudonym(call.principal.tenant, scope, value),
    phoneRegions: deps.phoneRegions,
    namespace: keyOf(guard, request) ?? JSON.stringify(['litellm', call.requestId]),
  });
  if (!request.hasMessages) checkCallsUnchanged(slots, safe.texts, spans);
  const body = request.rewritten(safe.texts);
  await guard.record(body, safe.originals, safe.transformed);
  const key = keyOf(guard, request);
  if (key !== undefined) deps.recall.remember(key, safe.originals);
  return { body };
}

/** LiteLLM takes no tool calls back: what must change in them can only change in the messages that hold them. */
function checkCallsUnchanged(
  slots: readonly TextSlot[],
  texts: readonly string[],
  spans: readonly (readonly Span[])[],
): void {
  const types = new Set<string>();
  for (const [i, { pointer, text }] of slots.entries()) {
    if (!pointer.startsWith('/tool_calls/') || text === texts[i]) continue;
    for (const { entity } of spans[i] ?? []) types.add(entity);
  }
  if (types.size === 0) return;
  const named = [...types].join(', ');
  throw new CordonError(
    'entity_blocked',
    `Tool calls hold what LiteLLM cannot take back rewritten without structured_messages: ${named}.`,
    { param: '/tool_calls' },
  );
}

async function restoreAnswer(guard: Guard, request: LitellmRequest): Promise<GuardAnswer> {
  const key = keyOf(guard, request);
  const values = (key === undefined ? undefined : guard.deps.recall.recall(key)) ?? new Map<string, string>();
  await guard.record(undefined, {}, []);
  const response = JSON.stringify(request.texts);
  const inspection = guard.readAnswer(revealerOf(values), [...values.values()]);
  const show = (reader: Revealer): readonly { readonly text: string; readonly held: number }[] =>
    request.texts.map((text) => {
      const reveal = reader.open('none');
      const decided = reveal.push(text);
      const held = reveal.flush();
      return { text: decided + held, held: Array.from(held).length };
    });
  const restored = show(await inspection.ofWhole(show));
  const body = renderRestored(
    request.texts,
    restored.map(({ text }) => text),
    restored.map(({ held }) => held),
  );
  return { body, response, output: inspection.found() };
}

/** One call of one caller. The parts cannot run into each other. */
function keyOf({ call }: Guard, { callId }: LitellmRequest): string | undefined {
  const { issuer, tenant, subject } = call.principal;
  return callId === undefined ? undefined : JSON.stringify(['litellm', issuer, tenant, subject, callId]);
}

/** `<PERSON_0123456789ab>` → its value, known by `PERSON_0123456789ab`. */
function revealerOf(values: ReadonlyMap<string, string>): Revealer {
  const byName = new Map([...values].map(([placeholder, value]) => [placeholder.slice(1, -1), value]));
  const entities = new Set([...byName.keys()].map((name) => name.slice(0, name.lastIndexOf('_'))));
  return createRevealer(byName, [...entities], 'hash');
}
