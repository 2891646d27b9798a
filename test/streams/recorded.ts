import { readFileSync } from 'node:fs';
import path from 'node:path';
import { anthropicMessages } from '../../src/dialects/anthropic-messages.ts';
import { type Dialect, type ParsedRequest, type Revealer } from '../../src/dialects/dialect.ts';
import { openaiChat } from '../../src/dialects/openai-chat.ts';
import { openaiCompletions } from '../../src/dialects/openai-completions.ts';
import { openaiResponses } from '../../src/dialects/openai-responses.ts';
import { protectedCall, requestTo, surrogateRevealer, VALUES } from './marks.ts';

const FOLDER = path.resolve('test/fixtures/streams');

export const DIALECTS = {
  chat: openaiChat,
  completions: openaiCompletions,
  messages: anthropicMessages,
  responses: openaiResponses,
} as const satisfies Readonly<Record<string, Dialect>>;

export type DialectName = keyof typeof DIALECTS;

/** A stream as a runner sends it, bytes and all, and what a caller has to end with. */
export interface Recorded {
  readonly title: string;
  readonly name: DialectName;
  readonly dialect: Dialect;
  readonly source: Uint8Array;
  readonly request: ParsedRequest;
  readonly revealer: Revealer;
  /** `early`: without the event that ends it; otherwise the code of the error that it must end with. */
  readonly end: string;
  /** By place. */
  readonly texts: Readonly<Record<string, string>>;
}

interface Entry {
  readonly answer?: 'text' | 'json';
  readonly end?: string;
  readonly marks?: 'surrogates';
  readonly texts: Readonly<Record<string, string>>;
}

/** All recorded streams of some dialects. */
export function recorded(names: readonly DialectName[]): readonly Recorded[] {
  const entries = JSON.parse(readFileSync(path.join(FOLDER, 'expected.json'), 'utf8')) as Readonly<
    Record<string, Entry>
  >;
  return names.flatMap((name) => {
    const dialect = DIALECTS[name];
    return Object.entries(entries)
      .filter(([title]) => title.startsWith(`${name}/`))
      .map(([title, entry]) => {
        const { answer = 'text', end = 'whole', marks, texts } = entry;
        const request = requestTo(dialect, answer);
        return {
          title,
          name,
          dialect,
          source: readFileSync(path.join(FOLDER, `${title}.sse`)),
          request,
          revealer: marks === undefined ? protectedCall(request).revealer : surrogateRevealer(),
          end,
          texts: Object.fromEntries(Object.entries(texts).map(([place, text]) => [place, filled(text)])),
        };
      });
  });
}

function filled(text: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => VALUES[name] ?? whole);
}
