import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import OpenAI from 'openai';
import { type Cordon, type Replacements, startCordon } from '../../src/compose/cordon.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createLog } from '../../src/telemetry/log.ts';

export interface TestCordon extends Cordon {
  readonly dataDirectory: string;
  /** Everything logged so far. */
  readonly logs: () => string;
  client(token: string): OpenAI;
  /** Stops, and removes the data directory. */
  dispose(): Promise<void>;
}

export interface TestCordonOptions {
  readonly runnerUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly replace?: Replacements;
  readonly dataDirectory?: string;
}

export function temporaryDirectory(): string {
  return mkdtempSync(path.join(tmpdir(), 'cordon-test-'));
}

/** The whole product in this process, on free ports and a data directory of its own. */
export async function startTestCordon(options: TestCordonOptions = {}): Promise<TestCordon> {
  const dataDirectory = options.dataDirectory ?? temporaryDirectory();
  const lines: string[] = [];
  const config = loadConfig({
    CORDON_DATA_DIR: dataDirectory,
    CORDON_PORT: '0',
    CORDON_ADMIN_PORT: '0',
    ...(options.runnerUrl === undefined ? {} : { CORDON_RUNNER_URL: options.runnerUrl }),
    ...options.env,
  });
  const log = createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const cordon = await startCordon(config, {
    log,
    ...(options.replace === undefined ? {} : { replace: options.replace }),
  });
  return {
    ...cordon,
    dataDirectory,
    logs: () => lines.join(''),
    client: (token) => new OpenAI({ baseURL: `${cordon.url}/v1`, apiKey: token, maxRetries: 0 }),
    async dispose(): Promise<void> {
      await cordon.stop('test');
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    readonly param: string | null;
    readonly request_id: string;
  };
}

/** A chat call over plain fetch, for what an SDK would hide. */
export async function postChat(
  cordon: Pick<Cordon, 'url'>,
  token: string | undefined,
  body: unknown,
  options: {
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Response> {
  return fetch(`${cordon.url}${options.path ?? '/v1/chat/completions'}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...options.headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

export async function errorOf(response: Response): Promise<ErrorBody['error']> {
  return ((await response.json()) as ErrorBody).error;
}

export function userMessage(content: string, extra: object = {}): object {
  return { model: 'demo', messages: [{ role: 'user', content }], ...extra };
}
