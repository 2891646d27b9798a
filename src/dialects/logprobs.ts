import { type Splice } from './json-document.ts';
import { type JsonRange, type JsonReader } from './json-source.ts';

/** The tokens of one text, joined: as they are named, and as their bytes say where they have any. */
interface Tokens {
  readonly named: string;
  readonly decoded: string;
  /** True when each is what its bytes say, or a part of a character: those are named in ways of their own. */
  readonly isDecoded: boolean;
}

/** Log probabilities, by the name of the text whose tokens they are of. */
export interface Logprobs extends JsonRange {
  readonly tokens: ReadonlyMap<string, Tokens>;
}

/** What ends a turn, and is no part of its text: `</s>`, `<|im_end|>`. */
const SPECIAL = /^<[/|｜]?[a-z_▁]{1,32}[|｜]?>$/i;
/** Tokenizers tell blanks in ways of their own. */
const BLANK = /[\s▁Ġ]+/g;

/** OpenAI's three shapes: of a chat, of a legacy completion, and of a part of a response, which is a list. */
export function readLogprobs(reader: JsonReader): Logprobs {
  const kind = reader.kind();
  const start = reader.offset;
  const tokens = new Map<string, Tokens>();
  const readList = (name: string): void => {
    tokens.set(name, readTokens(reader));
  };
  if (kind === 'array') readList('text');
  else if (kind === 'object') {
    reader.object(({ value: key }) => {
      // Beside `tokens` stand numbers, and the alternatives to each token.
      if (reader.kind() !== 'array' || key === 'top_logprobs') reader.skip();
      else readList(key === 'tokens' ? 'text' : key);
    });
  } else reader.skip();
  return { start, end: reader.offset, tokens };
}

/**
 * False when the tokens say another text than the one they stand beside: then they would be misaligned, and nobody
 * would have read them.
 */
export function isBeside({ tokens }: Logprobs, textOf: (name: string) => string): boolean {
  return [...tokens].every(([name, { named, decoded, isDecoded }]) => {
    const text = textOf(name);
    const isOf = (said: string): boolean => said === '' || said === text || bare(said) === bare(text);
    return isOf(decoded) && (isOf(named) || (isDecoded && decoded !== ''));
  });
}

/** Those of a part of a response, which are a list, as they stand beside this text: none where they are of another. */
export function emptied(logprobs: Logprobs, text: string, changed: boolean): readonly Splice[] {
  if (!changed && isBeside(logprobs, () => text)) return [];
  return [{ start: logprobs.start, end: logprobs.end, json: '[]' }];
}

function bare(text: string): string {
  return text.replace(BLANK, '');
}

function readTokens(reader: JsonReader): Tokens {
  const tokens: Token[] = [];
  reader.array(() => {
    const token = readToken(reader);
    if (!endsTurn(token)) tokens.push(token);
  });
  return {
    named: tokens.map(({ token }) => token).join(''),
    decoded: decode(tokens.flatMap(({ bytes }) => bytes)),
    isDecoded: tokens.every(isItsBytes),
  };
}

function endsTurn({ token, bytes }: Token): boolean {
  return SPECIAL.test(token) && (bytes.length === 0 || decode(bytes) === token);
}

function isItsBytes({ token, bytes }: Token): boolean {
  const decoded = decode(bytes);
  return decoded === token || decoded.includes('\ufffd');
}

interface Token {
  token: string;
  bytes: readonly number[];
}

function readToken(reader: JsonReader): Token {
  const read: Token = { token: '', bytes: [] };
  const kind = reader.kind();
  if (kind === 'string') read.token = reader.string().value;
  else if (kind === 'object') {
    reader.object(({ value: key }) => {
      if (key === 'token' && reader.kind() === 'string') read.token = reader.string().value;
      else if (key === 'bytes' && reader.kind() === 'array') read.bytes = readBytes(reader);
      else reader.skip();
    });
  } else reader.skip();
  return read;
}

function readBytes(reader: JsonReader): readonly number[] {
  const bytes: number[] = [];
  reader.array(() => {
    const { start, end } = reader.skip();
    bytes.push(Number(reader.source.slice(start, end)));
  });
  return bytes;
}

function decode(bytes: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
