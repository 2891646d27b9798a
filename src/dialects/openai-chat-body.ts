import { type KeptName } from '../domain/kept.ts';
import { type Revealer, type Usage } from './dialect.ts';
import { upstreamInvalid } from './answer-source.ts';
import { type AnswerText, namesOf, readAnswer } from './openai-chat-answer.ts';
import { type Splice, spliced } from './json-document.ts';

export const NO_USAGE: Usage = { promptTokens: undefined, completionTokens: undefined };

/** How values are put back at a place: arguments, and answers asked for as JSON, must stay JSON. */
export function escapeFor(rule: AnswerText['rule'], answer: 'text' | 'json'): 'none' | 'json' {
  return rule === 'json' || (rule === 'answer' && answer === 'json') ? 'json' : 'none';
}

interface RevealedBody {
  readonly body: string;
  readonly usage: Usage;
  readonly names: readonly KeptName[];
}

/** A whole chat completion with the caller's values put back. Throws `upstream_invalid`. */
export function revealChatBody(source: string, revealer: Revealer, answer: 'text' | 'json'): RevealedBody {
  return revealBody(source, revealer, answer, 'hasMessage');
}

/** The same for a legacy completion. */
export function revealCompletionBody(
  source: string,
  revealer: Revealer,
  answer: 'text' | 'json',
): RevealedBody {
  return revealBody(source, revealer, answer, 'hasText');
}

/** Values put back into texts that stand by themselves. */
export function revealedWhole(texts: readonly AnswerText[], revealer: Revealer): Splice[] {
  return texts.flatMap(({ start, end, value }) => {
    const text = revealer.reveal(value, 'none');
    return text === value ? [] : [{ start, end, json: JSON.stringify(text) }];
  });
}

function revealBody(
  source: string,
  revealer: Revealer,
  answer: 'text' | 'json',
  needed: 'hasMessage' | 'hasText',
): RevealedBody {
  const { choices, usage = NO_USAGE, id, others } = readAnswer(source);
  if (choices === undefined) throw upstreamInvalid('the answer has no choices');
  const splices = revealedWhole(others, revealer);
  for (const choice of choices) {
    if (!choice[needed]) throw upstreamInvalid('a choice says nothing');
    const before = splices.length;
    for (const { start, end, value, rule } of choice.texts) {
      const text = revealer.reveal(value, escapeFor(rule, answer));
      if (text !== value) splices.push({ start, end, json: JSON.stringify(text) });
    }
    // Log probabilities are of the tokens the model wrote; beside another text they would be misaligned.
    if (splices.length > before && choice.logprobs) splices.push({ ...choice.logprobs, json: 'null' });
  }
  splices.sort((a, b) => a.start - b.start);
  return { body: spliced(source, splices), usage, names: namesOf({ id }) };
}
