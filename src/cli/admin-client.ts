import { type Command } from 'commander';
import { loadAdminClient } from '../config/admin-client.ts';
import { type Json, type JsonObject } from '../domain/json.ts';

export interface AdminClient {
  get(path: string, query?: Readonly<Record<string, string | undefined>>): Promise<JsonObject>;
  post(path: string, body: JsonObject): Promise<JsonObject>;
  /** For what is asked by POST and answered in no JSON. */
  postForText(path: string, body: JsonObject): Promise<string>;
  delete(path: string): Promise<JsonObject>;
  /** For what is no JSON; rejects on a refusal like the others. */
  open(path: string): Promise<Response>;
}

export interface AdminClientOptions {
  readonly adminUrl?: string;
  readonly tokenFile?: string;
}

/** What the control plane said no to: its own sentence, for the person at the keyboard. */
class AdminRefusal extends Error {
  override readonly name = 'AdminRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${message} (${code})`);
    this.code = code;
  }
}

/** The options of every command that asks the control plane for something. */
export function withAdminOptions(command: Command): Command {
  return command
    .option('--admin-url <url>', 'the control plane (default: CORDON_ADMIN_URL, else http://127.0.0.1:8081)')
    .option('--token-file <file>', 'a file with your token (default: CORDON_TOKEN)');
}

/** Two people are two tokens: whatever needs a second person needs a second one of these. */
export function createAdminClient(options: AdminClientOptions): AdminClient {
  const { url, token } = loadAdminClient(options);
  const ask = async (method: string, path: string, body?: JsonObject): Promise<Response> => {
    const response = await reach(`${url}/admin/v1${path}`, {
      method,
      redirect: 'error',
      headers: {
        authorization: `Bearer ${token.reveal()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await refusalOf(response);
    return response;
  };
  const json = async (answer: Promise<Response>): Promise<JsonObject> => {
    const value = (await (await answer).json()) as Json;
    if (!isObject(value))
      throw new AdminRefusal('upstream_invalid', 'The control plane answered in no known form.');
    return value;
  };
  return {
    get: (path, query = {}) => json(ask('GET', `${path}${queryOf(query)}`)),
    post: (path, body) => json(ask('POST', path, body)),
    postForText: async (path, body) => (await ask('POST', path, body)).text(),
    delete: (path) => json(ask('DELETE', path)),
    open: (path) => ask('GET', path),
  };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new Error(`The control plane at ${new URL(url).origin} does not answer; is Cordon running there?`, {
      cause: error,
    });
  }
}

async function refusalOf(response: Response): Promise<AdminRefusal> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  const { code, message, param } = error;
  const place = typeof param === 'string' && param !== '' ? ` At ${param}.` : '';
  return new AdminRefusal(
    typeof code === 'string' ? code : `HTTP ${response.status}`,
    `${typeof message === 'string' ? message : 'The control plane refused.'}${place}`,
  );
}

function queryOf(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
