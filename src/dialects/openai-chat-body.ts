import { type KeptName } from '../domain/kept.ts';
import { type Revealer, type Usage } from './dialect.ts';
import { replacing, upstreamInvalid } from './answer-source.ts';
import { type AnswerChoice, type AnswerText, namesOf, readAnswer } from './openai-chat-answer.ts';
import { isBeside } from './logprobs.ts';
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
  return texts.flatMap((found) => {
    const text = revealer.reveal(found.value, 'none');
    return text === found.value ? [] : [replacing(found, text)];
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
    for (const found of choice.texts) {
      const text = revealer.reveal(found.value, escapeFor(found.rule, answer));
      if (text !== found.value) splices.push(replacing(found, text));
    }
    splices.push(...withoutLogprobs(choice, splices.length > before));
  }
  splices.sort((a, b) => a.start - b.start);
  return { body: spliced(source, splices), usage, names: namesOf({ id }) };
}

/** Log probabilities are of the tokens the model wrote; beside another text they would be misaligned. */
export function withoutLogprobs({ logprobs, texts }: AnswerChoice, changed: boolean): readonly Splice[] {
  if (logprobs === undefined) return [];
  const said = (name: string): string =>
    texts.find(({ path }) => path.at(-1) === name && path.length === (name === 'text' ? 1 : 2))?.value ?? '';
  if (!changed && isBeside(logprobs, said)) return [];
  return [{ start: logprobs.start, end: logprobs.end, json: 'null' }];
}
