import test from 'ava';
import fc from 'fast-check';
import { anthropicCountTokens, anthropicMessages } from '../../src/dialects/anthropic-messages.ts';
import { type Dialect } from '../../src/dialects/dialect.ts';
import { openaiChat } from '../../src/dialects/openai-chat.ts';
import { openaiCompletions } from '../../src/dialects/openai-completions.ts';
import { openaiEmbeddings } from '../../src/dialects/openai-embeddings.ts';
import { openaiResponses } from '../../src/dialects/openai-responses.ts';
import { CordonError } from '../../src/domain/errors.ts';
import { FULL_COUNT, FULL_MESSAGE } from './anthropic-requests.ts';
import { FULL_COMPLETION, FULL_EMBEDDING } from './openai-surface-requests.ts';
import { FULL_REQUEST } from './requests.ts';
import { FULL } from './responses-requests.ts';

const SURFACES: readonly (readonly [Dialect, object])[] = [
  [openaiChat, FULL_REQUEST],
  [openaiResponses, FULL],
  [openaiCompletions, FULL_COMPLETION],
  [openaiEmbeddings, FULL_EMBEDDING],
  [anthropicMessages, FULL_MESSAGE],
  [anthropicCountTokens, FULL_COUNT],
];

/** A string of a body, and where it stands. */
interface Place {
  readonly pointer: string;
  readonly text: string;
}

function stringsIn(value: unknown, pointer = ''): readonly Place[] {
  if (typeof value === 'string') return [{ pointer, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) =>
    stringsIn(below, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

/** The body without some of its members and elements, and with others said twice; what makes it a request stays. */
function varied(value: unknown, choose: () => number, depth = 0): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown) => {
      const roll = choose();
      if (roll < 2) return [];
      return roll > 13 ? [varied(item, choose, depth + 1), item] : [varied(item, choose, depth + 1)];
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, below]) =>
      depth === 0 && choose() < 4 && !KEPT.has(key) ? [] : [[key, varied(below, choose, depth + 1)]],
    ),
  );
}
const KEPT = new Set(['model', 'messages', 'input', 'prompt', 'max_tokens']);

for (const [dialect, full] of SURFACES) {
  test(`${dialect.path}: every string of any request is scanned, structure or opaque`, (t) => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 15 }), { minLength: 97, maxLength: 97 }), (rolls) => {
        let at = 0;
        const body = varied(full, () => rolls[at++ % rolls.length] ?? 0);
        let request;
        try {
          request = dialect.parseRequest(JSON.stringify(body));
        } catch (error) {
          if (error instanceof CordonError && error.code === 'shape_unknown') return;
          throw error;
        }
        accepted++;
        const seen = new Set(request.slots.map(({ pointer }) => pointer));
        const inner = request.slots.map(({ pointer }) => pointer.split('#')[0]);
        for (const one of inner) if (one !== undefined) seen.add(one);
        for (const { pointer } of request.opaque) seen.add(pointer);
        const rest = stringsIn(body).filter(({ pointer }) => !seen.has(pointer));
        const missed = rest.map(({ pointer }) => pointer).join(' ');
        t.is(rest.length, request.structural, missed);
        // Text stands nowhere but in a slot.
        for (const { text } of rest) t.regex(text, /^[\w.:/@+=-]*$|^[{[]/);
      }),
      { numRuns: 60 },
    );
    t.true(accepted > 30);
  });
}
