interface Delta {
  tool_calls?: { index: number; function?: { arguments?: string } }[];
  [field: string]: unknown;
}
interface Chunk {
  choices?: { index: number; delta?: Delta }[];
}

/** What a client that adds up deltas ends with: `0.content`, `0.tool_calls.1` … → text. */
export function assembled(events: readonly string[]): Record<string, string> {
  const texts: Record<string, string> = {};
  const add = (place: string, text: unknown) => {
    if (typeof text === 'string') texts[place] = (texts[place] ?? '') + text;
  };
  for (const data of events) {
    for (const { index, delta = {} } of (JSON.parse(data) as Chunk).choices ?? []) {
      for (const [field, text] of Object.entries(delta)) if (field !== 'role') add(`${index}.${field}`, text);
      for (const call of delta.tool_calls ?? []) {
        add(`${index}.tool_calls.${call.index}`, call.function?.arguments);
      }
    }
  }
  return texts;
}

/** The same answer as one body, as if the caller had not asked for a stream. */
export function asBody(texts: Readonly<Record<string, string>>): string {
  const indexes = [...new Set(Object.keys(texts).map((place) => Number(place.split('.')[0])))];
  const choices = indexes.map((index) => {
    const message: Record<string, unknown> = { role: 'assistant' };
    const calls: object[] = [];
    for (const [place, text] of Object.entries(texts)) {
      const [choice, field = '', call] = place.split('.');
      if (Number(choice) !== index) continue;
      if (call === undefined) message[field] = text;
      else calls.push({ id: `call_${call}`, type: 'function', function: { name: 'f', arguments: text } });
    }
    if (calls.length > 0) message['tool_calls'] = calls;
    return { index, message, finish_reason: 'stop' };
  });
  return JSON.stringify({ id: 'x', object: 'chat.completion', model: 'm', choices });
}

interface Body {
  choices: {
    index: number;
    message: Record<string, unknown> & { tool_calls?: { function: { arguments: string } }[] };
  }[];
}

export function textsOfBody(body: string): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { index, message } of (JSON.parse(body) as Body).choices) {
    for (const [field, text] of Object.entries(message)) {
      if (field !== 'role' && typeof text === 'string') texts[`${index}.${field}`] = text;
    }
    message.tool_calls?.forEach((call, i) => (texts[`${index}.tool_calls.${i}`] = call.function.arguments));
  }
  return texts;
}
