import { type Revealer, type Usage } from './dialect.ts';
import { readAnswer } from './anthropic-answer.ts';
import { type Splice, spliced } from './json-document.ts';
import { JsonReader, JsonSourceError } from './json-source.ts';
import { ANSWER_JSON, expectKind, readCounts, upstreamInvalid } from './openai-chat-answer.ts';
import { escapeFor, NO_USAGE } from './openai-chat-body.ts';

interface RevealedBody {
  readonly body: string;
  readonly usage: Usage;
}

/** A whole message with the caller's values put back. Throws `upstream_invalid`. */
export function revealMessage(source: string, revealer: Revealer, answer: 'text' | 'json'): RevealedBody {
  const { texts, usage, hasContent } = readAnswer(source);
  if (!hasContent) throw upstreamInvalid('the answer has no content');
  const splices: Splice[] = [];
  for (const { start, end, value, rule } of texts) {
    const text = revealer.reveal(value, escapeFor(rule, answer));
    if (text !== value) splices.push({ start, end, json: JSON.stringify(text) });
  }
  return { body: spliced(source, splices), usage };
}

/** A count of tokens holds no text. It is not the usage of a call either: nothing was generated. */
export function checkTokenCount(source: string): RevealedBody {
  try {
    const reader = new JsonReader(source, ANSWER_JSON);
    expectKind(reader, 'object');
    const counts = readCounts(reader);
    reader.end();
    if (!counts.has('input_tokens')) throw upstreamInvalid('the answer has no input_tokens');
    return { body: source, usage: NO_USAGE };
  } catch (error) {
    if (error instanceof JsonSourceError) throw upstreamInvalid(error.message);
    throw error;
  }
}
