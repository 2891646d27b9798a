import { type TextSlot } from '../../domain/call.ts';
import {
  parseSanitize,
  parseSanitizeCredentials,
  sanitize as sanitizeMessages,
  type SanitizeRequest,
} from '../../guardrails/kong.ts';
import { type Guardrail } from '../guardrail.ts';

function sanitizing(parse: (source: string) => SanitizeRequest): Guardrail {
  return {
    operation: 'sanitize',
    async answer(guard, source) {
      const started = guard.deps.clock();
      const request = parse(source);
      guard.admit('*');
      const slots = request.messages.map(({ text }, i): TextSlot => ({
        pointer: `/text/${i}/text`,
        text,
        kind: 'text',
      }));
      const spans = await guard.inspect(slots, 0);
      const { byEntity } = guard.decide(slots, spans);
      const { tenant } = guard.call.principal;
      const sanitized = sanitizeMessages(request, spans, {
        handlingOf: (entity) => byEntity[entity] ?? 'block',
        pseudonym: (value, scope) => guard.deps.pseudonym(tenant, scope, value),
      });
      const { texts, originals } = sanitized;
      guard.trail.findings.handling = Object.fromEntries(
        Object.entries(byEntity).map(([entity, handling]) => [
          entity,
          handling === 'disclose' && request.asksFor(entity) ? 'pseudonymise' : handling,
        ]),
      );
      const transformed = slots.filter(({ text }, i) => text !== texts[i]).map(({ pointer }) => pointer);
      await guard.record(JSON.stringify(texts), originals, transformed);
      return { body: sanitized.render(guard.deps.clock() - started) };
    },
  };
}

/** Kong's `POST /llm/v1/sanitize`. Kong asks for kinds of data; the policy may ask for more, never for less. */
export const sanitize = sanitizing(parseSanitize);

/** `POST /llm/v1/sanitize_credentials`: the same, asking for passwords and keys. */
export const sanitizeCredentials = sanitizing(parseSanitizeCredentials);
