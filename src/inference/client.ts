import { Pool } from 'undici';
import { type Secret } from '../domain/secret.ts';
import { BINARY_EXTENSION, JSON_LENGTH_HEADER, parseFields, readMessage, writeMessage } from './message.ts';
import { digestIn, type ModelMetadata, optionalText, readMetadata } from './metadata.ts';
import { type NamedTensor, ProtocolError } from './tensor.ts';

export interface InferenceClientOptions {
  /** Base URL; `/v2/…` is appended. */
  readonly url: string;
  readonly model: string;
  /** Undefined for servers that know no versions. */
  readonly version: string | undefined;
  readonly token: Secret | undefined;
  /** Certificates (PEM) that vouch for the server; the system's when undefined. */
  readonly ca: string | undefined;
  /** From sending a request to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Requests at the same time, each on a connection of its own that is used again. */
  readonly connections: number;
}

export interface ServedMetadata extends ModelMetadata {
  /** Whether tensors may travel as bytes. */
  readonly binary: boolean;
}

export interface InferReply {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly sha256: string | undefined;
  readonly tensors: readonly NamedTensor[];
}

export interface InferRequest {
  readonly inputs: readonly NamedTensor[];
  readonly output: string;
  readonly binary: boolean;
  /** Numbers that the answer may have; a longer answer is not read. */
  readonly maxNumbers: number;
}

/** The server cannot be asked now: no connection, no answer in time, or it says that it is not able to. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Open Inference Protocol v2 over HTTP/REST. Rejects with UnreachableError or ProtocolError, never quotes an answer. */
export interface InferenceClient {
  metadata(): Promise<ServedMetadata>;
  infer(request: InferRequest, signal?: AbortSignal): Promise<InferReply>;
  close(): Promise<void>;
}

const MAX_METADATA_BYTES = 256 * 1024;
/** JSON of a reply around its numbers. */
const MAX_ENVELOPE_BYTES = 64 * 1024;
/** Of a single-precision number as JSON, with its comma. */
const JSON_NUMBER_BYTES = 26;
/** The connection was closed by the other side while it was idle; asking the same question again does no harm. */
const BROKEN: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

interface Answer {
  readonly body: Buffer;
  readonly jsonLength: string | undefined;
}

interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly maxBytes: number;
}

type Ask = (question: Question, caller?: AbortSignal) => Promise<Answer>;

export function createInferenceClient(options: InferenceClientOptions): InferenceClient {
  const pool = new Pool(new URL(options.url).origin, {
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: options.timeoutMs, ...(options.ca === undefined ? {} : { ca: options.ca }) },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    maxHeaderSize: 16 * 1024,
  });
  const ask = createAsk(pool, options);
  const versioned = options.version === undefined ? '' : `/versions/${encodeURIComponent(options.version)}`;
  const model = `/v2/models/${encodeURIComponent(options.model)}${versioned}`;
  return {
    metadata: async () => {
      const binary = (await extensions(ask)).includes(BINARY_EXTENSION);
      const { body } = await ask({ method: 'GET', path: model, maxBytes: MAX_METADATA_BYTES });
      return { ...readMetadata(parseFields(body)), binary };
    },
    infer: async ({ inputs, output, binary, maxNumbers }, signal) => {
      const wanted = { name: output, ...(binary ? { parameters: { binary_data: true } } : {}) };
      const { headers, body } = writeMessage('inputs', { outputs: [wanted] }, inputs, binary);
      const maxBytes = MAX_ENVELOPE_BYTES + maxNumbers * JSON_NUMBER_BYTES;
      const answer = await ask({ method: 'POST', path: `${model}/infer`, headers, body, maxBytes }, signal);
      const { fields, tensors } = readMessage('outputs', answer.body, answer.jsonLength);
      return {
        name: optionalText(fields['model_name']),
        version: optionalText(fields['model_version']),
        sha256: digestIn(fields),
        tensors,
      };
    },
    close: () => pool.destroy(),
  };
}

/** What the server supports; one that does not say supports the least. */
async function extensions(ask: Ask): Promise<readonly unknown[]> {
  try {
    const { body } = await ask({ method: 'GET', path: '/v2', maxBytes: MAX_METADATA_BYTES });
    const { extensions: names } = parseFields(body);
    const list: readonly unknown[] = Array.isArray(names) ? names : [];
    return list;
  } catch (error) {
    if (error instanceof ProtocolError) return [];
    throw error;
  }
}

/** Asks within the deadline, and once more when a connection that was idle turns out to be gone. */
function createAsk(pool: Pool, { url, token, timeoutMs }: InferenceClientOptions): Ask {
  const base = new URL(url).pathname.replace(/\/$/, '');
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` };

  const send = async (question: Question, signal: AbortSignal): Promise<Answer> => {
    const { method, path, headers, body = null, maxBytes } = question;
    const response = await pool.request({
      method,
      path: base + path,
      headers: { accept: '*/*', ...headers, ...authorization },
      body,
      signal,
    });
    response.body.on('error', () => undefined);
    const refused = refusalOf(response.statusCode, one(response.headers['content-encoding']), path);
    if (refused !== undefined) {
      response.body.destroy();
      throw refused;
    }
    const jsonLength = one(response.headers[JSON_LENGTH_HEADER]);
    return { body: await readAtMost(response.body, maxBytes), jsonLength };
  };

  return async (question, caller) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = caller === undefined ? deadline : AbortSignal.any([deadline, caller]);
    for (let attempt = 0; ; attempt++) {
      try {
        return await send(question, signal);
      } catch (error) {
        if (error instanceof ProtocolError || error instanceof UnreachableError) throw error;
        const code = codeOf(error);
        if (attempt === 0 && BROKEN.has(code) && !signal.aborted) continue;
        const why = deadline.aborted ? 'did not answer in time' : `cannot be reached (${code})`;
        throw new UnreachableError(`the model server ${why}`, { cause: error });
      }
    }
  };
}

/** 408, 429 and 5xx pass; anything else but 200, a redirect too, says that the question is wrong and will stay so. */
function refusalOf(status: number, encoding: string | undefined, path: string): Error | undefined {
  if (status === 401 || status === 403) return new ProtocolError('the model server refuses our token');
  if (status === 408 || status === 429 || status >= 500) {
    return new UnreachableError(`the model server answered ${status}`);
  }
  if (status !== 200) return new ProtocolError(`the model server answered ${status} to ${path}`);
  if (encoding !== undefined && encoding !== 'identity') {
    return new ProtocolError('the model server sent a compressed answer that was not asked for');
  }
  return undefined;
}

async function readAtMost(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new ProtocolError('the answer of the model server is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
