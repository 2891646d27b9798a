import { upstreamInvalid } from '../dialects/answer-source.ts';

const FINISH: ReadonlyMap<string, string> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
]);
const STOP: ReadonlyMap<string, string> = new Map([
  ['stop', 'end_turn'],
  ['length', 'max_tokens'],
  ['tool_calls', 'tool_use'],
  ['content_filter', 'refusal'],
]);

/** A reason that is not known is refused: a client acts on it. */
export function finishReasonOf(stopReason: string | undefined): string {
  const reason = FINISH.get(stopReason ?? '');
  if (reason === undefined) throw upstreamInvalid('an unknown stop_reason');
  return reason;
}

/** Some runners say `stop` where they call tools; Anthropic's clients go by the reason. */
export function stopReasonOf(
  finishReason: string | undefined,
  said: { readonly calls: boolean; readonly refuses: boolean },
): string {
  const reason = STOP.get(finishReason ?? '');
  if (reason === undefined) throw upstreamInvalid('an unknown finish_reason');
  if (reason !== 'end_turn') return reason;
  if (said.refuses) return 'refusal';
  return said.calls ? 'tool_use' : reason;
}
