import { type Dialect, type Usage } from './dialect.ts';
import { type JsonReader } from './json-source.ts';
import { expectKind, readSource, upstreamInvalid } from './answer-source.ts';
import { readUsage } from './openai-chat-answer.ts';
import { NO_USAGE } from './openai-chat-body.ts';
import { BOOLEAN, IDENTIFIER, MODEL, NUMBER } from './openai-chat-request.ts';
import { TEXT_OR_TOKENS } from './openai-completions-request.ts';
import { openaiErrorEvent } from './openai-error.ts';
import { parseAlong } from './parsed-request.ts';
import { matching, oneOf, record, type Shape } from './shape.ts';

/**
 * An embeddings request, place by place (OpenAI API reference, `EmbeddingCreateParams`), with what self-hosted runners
 * add.
 */
const EMBEDDINGS_REQUEST: Shape = record(
  {
    model: MODEL,
    input: TEXT_OR_TOKENS,
    user: IDENTIFIER,
    dimensions: NUMBER,
    encoding_format: { string: oneOf('float', 'base64'), null: true },
    truncate_prompt_tokens: NUMBER,
    priority: NUMBER,
    add_special_tokens: BOOLEAN,
    normalize: BOOLEAN,
    input_type: { string: matching(/^[a-z_]{1,32}$/), null: true },
    truncate: { string: oneOf('NONE', 'START', 'END'), boolean: true, null: true },
  },
  ['model', 'input'],
);

/**
 * OpenAI's embeddings. Vectors hold no placeholder, so an answer passes as it came once it is known to be one.
 * Policies handle embeddings by `hash`: a keyed hash is the same in every call of a tenant, and so the vectors of one
 * text are, where placeholders would be numbered within each call.
 */
export const openaiEmbeddings: Dialect = {
  operation: 'embeddings',
  path: '/embeddings',
  requestShape: EMBEDDINGS_REQUEST,
  parseRequest: (source) => parseAlong(source, EMBEDDINGS_REQUEST, () => false),
  revealBody: (source) => ({ body: source, usage: readEmbeddings(source) }),
  createStreamReveal() {
    throw new TypeError('embeddings are not streamed');
  },
  errorEvent: openaiErrorEvent,
};

const VECTORS_JSON = { maxDepth: 16, maxValues: 16_000_000, loneSurrogates: 'keep' } as const;

/** Throws `upstream_invalid` on what is no list of vectors. */
function readEmbeddings(source: string): Usage {
  const usages: (Usage | undefined)[] = [];
  readSource(
    source,
    (reader) => {
      expectKind(reader, 'object');
      checkMember(reader, 'data', (key) => {
        if (key === 'usage') usages.push(readUsage(reader));
        else if (key === 'data') checkVectors(reader);
        else reader.skip();
      });
    },
    VECTORS_JSON,
  );
  return usages[0] ?? NO_USAGE;
}

function checkVectors(reader: JsonReader): void {
  expectKind(reader, 'array');
  reader.array(() => {
    expectKind(reader, 'object');
    checkMember(reader, 'embedding', (key) => {
      if (key !== 'embedding' || reader.kind() === 'string') reader.skip();
      else {
        expectKind(reader, 'array');
        reader.array(() => reader.number());
      }
    });
  });
}

/** Reads an object that must have the member `needed`. */
function checkMember(reader: JsonReader, needed: string, visit: (key: string) => void): void {
  const missing = new Set([needed]);
  reader.object(({ value: key }) => {
    missing.delete(key);
    visit(key);
  });
  if (missing.size > 0) throw upstreamInvalid(`the answer has no ${needed}`);
}
