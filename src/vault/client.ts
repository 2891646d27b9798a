import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { KekServiceError } from '../crypto/kek-service.ts';
import { type Secret } from '../domain/secret.ts';

export interface VaultClientOptions {
  /** `https://vault.example:8200`; what path it has comes before `/v1`. */
  readonly address: string;
  readonly namespace: string | undefined;
  /** Asked for each request, because agents renew tokens in files. */
  readonly token: () => Promise<Secret>;
  /** Certificates (PEM) that vouch for the server; the system's when undefined. */
  readonly ca: string | undefined;
  /** For one request with all its tries. */
  readonly timeoutMs: number;
}

export interface VaultRequest {
  readonly method: 'GET' | 'POST';
  /** After `/v1/`, encoded. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Whether asking twice is the same as asking once. */
  readonly repeatable: boolean;
}

export interface VaultClient {
  /** The `data` of the answer. Rejects with VaultRefusal for 400, with KekServiceError for anything else. */
  send(request: VaultRequest): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

/** Vault understood the question and says no to what was asked (400): a ciphertext that does not open, above all. */
export class VaultRefusal extends KekServiceError {}

const CONNECTIONS = 16;
const MAX_ANSWER_BYTES = 1024 * 1024;
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 50;
/** 412: a standby that lags behind; 472 and 473: standbys that do not answer; 429: a quota. 503: sealed, or in maintenance. */
const PASSING: ReadonlySet<number> = new Set([408, 412, 429, 472, 473, 500, 502, 503, 504]);
const WHY: Readonly<Record<number, string>> = {
  403: 'refuses our token, or its policy does not allow this',
  404: 'has no such mount or key',
  429: 'has no quota left for us',
  503: 'is sealed or in maintenance',
};

/** HTTP API of HashiCorp Vault. Never quotes an answer, and follows no redirect with the token. */
export function createVaultClient(options: VaultClientOptions): VaultClient {
  const { origin, pathname } = new URL(options.address);
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    connect: { timeout: options.timeoutMs, ...(options.ca === undefined ? {} : { ca: options.ca }) },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    maxHeaderSize: 16 * 1024,
  });
  const base = `${pathname.replace(/\/$/, '')}/v1/`;

  const attempt = async (request: VaultRequest, signal: AbortSignal): Promise<Answer> => {
    const token = await options.token();
    const response = await pool.request({
      method: request.method,
      path: base + request.path,
      headers: {
        accept: 'application/json',
        'x-vault-request': 'true',
        'x-vault-token': token.reveal(),
        ...(options.namespace === undefined ? {} : { 'x-vault-namespace': options.namespace }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal,
    });
    response.body.on('error', () => undefined);
    return { status: response.statusCode, body: await readAtMost(response.body) };
  };

  return {
    async send(request) {
      const signal = AbortSignal.timeout(options.timeoutMs);
      for (let tried = 1; ; tried++) {
        const result = await attempt(request, signal).catch((error: unknown) => toOutage(error, signal));
        if (!(result instanceof KekServiceError)) {
          const { status, body } = result;
          if (status === 200 || status === 204) return dataOf(body);
          if (status === 400) throw new VaultRefusal('Vault refuses what it was asked (400)');
          if (!PASSING.has(status)) throw new KekServiceError(describe(status));
        }
        const failure =
          result instanceof KekServiceError ? result : new KekServiceError(describe(result.status));
        if (!request.repeatable || tried >= ATTEMPTS || signal.aborted) throw failure;
        const pauseMs = FIRST_PAUSE_MS * 2 ** (tried - 1);
        await sleep(pauseMs + randomInt(pauseMs), undefined, { signal }).catch(() => {
          throw failure;
        });
      }
    },
    close: () => pool.destroy(),
  };
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

function describe(status: number): string {
  return `Vault ${WHY[status] ?? 'does not do what it was asked'} (${status})`;
}

function toOutage(error: unknown, signal: AbortSignal): KekServiceError {
  if (error instanceof KekServiceError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const why = signal.aborted ? 'did not answer in time' : `cannot be reached (${code})`;
  return new KekServiceError(`Vault ${why}`, { cause: error });
}

function dataOf(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    throw new KekServiceError('Vault answered with something that is not JSON');
  }
  return asObject(asObject(answer)['data']);
}

/** Its members; none when it is no object. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

async function readAtMost(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new KekServiceError('the answer of Vault is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
