import { type Revealer, type Usage } from './dialect.ts';
import { type KeptName } from '../domain/kept.ts';
import { namesOf, readAnswer } from './anthropic-answer.ts';
import { type Splice, spliced } from './json-document.ts';
import { expectKind, readCounts, readSource, replacing, upstreamInvalid } from './answer-source.ts';
import { escapeFor, NO_USAGE } from './openai-chat-body.ts';

interface RevealedBody {
  readonly body: string;
  readonly usage: Usage;
  readonly names?: readonly KeptName[];
}

/** A whole message with the caller's values put back. Throws `upstream_invalid`. */
export function revealMessage(source: string, revealer: Revealer, answer: 'text' | 'json'): RevealedBody {
  const message = readAnswer(source);
  const { texts, usage, hasContent } = message;
  if (!hasContent) throw upstreamInvalid('the answer has no content');
  const splices: Splice[] = [];
  for (const found of texts) {
    const text = revealer.reveal(found.value, escapeFor(found.rule, answer));
    if (text !== found.value) splices.push(replacing(found, text));
  }
  return { body: spliced(source, splices), usage, names: namesOf(message) };
}

/** A count of tokens holds no text. It is not the usage of a call either: nothing was generated. */
export function checkTokenCount(source: string): RevealedBody {
  const counts = readSource(source, (reader) => {
    expectKind(reader, 'object');
    return readCounts(reader);
  });
  if (!counts.has('input_tokens')) throw upstreamInvalid('the answer has no input_tokens');
  return { body: source, usage: NO_USAGE };
}
