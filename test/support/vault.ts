import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface TransitKey {
  readonly type: string;
  /** By version, from 1; destroyed ones are undefined. */
  readonly versions: ({ readonly key: Buffer; readonly hmac: Buffer; readonly madeS: number } | undefined)[];
  minDecryption: number;
  minEncryption: number;
  minAvailable: number;
}

interface Reply {
  readonly status: number;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly string[];
}

export interface ReceivedVaultRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/**
 * The part of Vault's HTTP API that we use, as its documentation tells it, strictly: tokens and namespaces, base64,
 * `associated_data` as AEAD context, versions and their bounds, trimming.
 */
export interface TestVault {
  readonly address: string;
  readonly received: ReceivedVaultRequest[];
  /** Tokens that are accepted. */
  readonly tokens: Set<string>;
  readonly namespace: { required: string | undefined };
  /** Answers with these first, one a request. */
  readonly failures: Reply[];
  /** What it does beside its contract. */
  readonly faults: { ignoresContext: boolean; hangs: boolean; answers: string | undefined };
  sealed: boolean;
  createKey(name: string, type?: string): void;
  key(name: string): TransitKey;
  close(): Promise<void>;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const fail = (status: number, message: string): Reply => ({ status, errors: [message] });

export async function startVault(
  tls?: { readonly cert: string; readonly key: string },
  mount = 'transit',
): Promise<TestVault> {
  const keys = new Map<string, TransitKey>();
  const received: ReceivedVaultRequest[] = [];
  const state = { sealed: false };
  const tokens = new Set(['s.good']);
  const namespace: TestVault['namespace'] = { required: undefined };
  const failures: Reply[] = [];
  const faults: TestVault['faults'] = { ignoresContext: false, hangs: false, answers: undefined };

  const judge = (request: IncomingMessage, body: string): Reply => {
    const { headers, url = '', method = '' } = request;
    received.push({ method, path: url, headers });
    const failure = failures.shift();
    if (failure !== undefined) return failure;
    if (state.sealed) return fail(503, 'Vault is sealed');
    if (headers['x-vault-namespace'] !== namespace.required) return fail(404, 'no handler for route');
    if (!tokens.has(String(headers['x-vault-token']))) return fail(403, 'permission denied');
    const prefix = `/v1/${mount}/`;
    if (!url.startsWith(prefix)) return fail(404, 'no handler for route');
    const [operation = '', name = '', rest] = url.slice(prefix.length).split('/').map(decodeURIComponent);
    const input: unknown = body === '' ? {} : JSON.parse(body);
    if (typeof input !== 'object' || input === null) return fail(400, 'error parsing JSON');
    const key = keys.get(name);
    if (operation === 'keys') return onKey(method, key, name, rest, { ...input });
    if (method !== 'POST') return fail(405, 'unsupported operation');
    if (key === undefined) return fail(400, 'encryption key not found');
    const parameters: Readonly<Record<string, unknown>> = { ...input };
    const checked = faults.ignoresContext ? { ...parameters, associated_data: undefined } : parameters;
    if (operation === 'encrypt') return encrypt(key, checked);
    if (operation === 'decrypt') return decrypt(key, checked);
    if (operation === 'hmac' && rest === 'sha2-256') return hmac(key, parameters);
    return fail(404, 'unsupported path');
  };

  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    void text(request).then((body) => {
      if (faults.hangs) return;
      const { status, data, errors } = judge(request, body);
      response.writeHead(status, { 'content-type': 'application/json' });
      if (status === 204) response.end();
      else if (errors !== undefined) response.end(JSON.stringify({ errors }));
      else
        response.end(
          faults.answers ?? JSON.stringify({ request_id: 'r', lease_id: '', data, warnings: null }),
        );
    });
  };
  const server = tls === undefined ? createHttp(handler) : createHttps(tls, handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    received,
    tokens,
    namespace,
    failures,
    faults,
    get sealed() {
      return state.sealed;
    },
    set sealed(value) {
      state.sealed = value;
    },
    createKey(name, type = 'aes256-gcm96') {
      keys.set(name, {
        type,
        versions: [newVersion()],
        minDecryption: 1,
        minEncryption: 0,
        minAvailable: 0,
      });
    },
    key(name) {
      const key = keys.get(name);
      if (key === undefined) throw new Error('no such key');
      return key;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function newVersion() {
  return { key: randomBytes(32), hmac: randomBytes(32), madeS: Math.floor(Date.now() / 1_000) };
}

function onKey(
  method: string,
  key: TransitKey | undefined,
  name: string,
  action: string | undefined,
  input: Readonly<Record<string, unknown>>,
): Reply {
  if (key === undefined) return fail(method === 'GET' ? 404 : 400, 'no existing key');
  const latest = key.versions.length;
  if (method === 'GET' && action === undefined) {
    const made = key.versions.flatMap((version, i) =>
      version === undefined || i + 1 < key.minDecryption ? [] : [[String(i + 1), version.madeS] as const],
    );
    return {
      status: 200,
      data: {
        name,
        type: key.type,
        derived: false,
        latest_version: latest,
        keys: Object.fromEntries(made),
        min_decryption_version: key.minDecryption,
        min_encryption_version: key.minEncryption,
        min_available_version: key.minAvailable,
        supports_encryption: true,
        supports_decryption: true,
      },
    };
  }
  if (method !== 'POST') return fail(405, 'unsupported operation');
  if (action === 'rotate') {
    key.versions.push(newVersion());
    return { status: 200, data: {} };
  }
  if (action === 'config') return configure(key, input);
  if (action === 'trim') return trim(key, input);
  return fail(404, 'unsupported path');
}

function configure(key: TransitKey, input: Readonly<Record<string, unknown>>): Reply {
  const { min_decryption_version: decryption, min_encryption_version: encryption } = input;
  if (typeof decryption !== 'number' || typeof encryption !== 'number') return fail(400, 'not a number');
  if (decryption > key.versions.length || encryption > key.versions.length)
    return fail(400, 'cannot set a minimum higher than the latest key version');
  if (encryption !== 0 && encryption < decryption) return fail(400, 'encryption below decryption');
  if (decryption < key.minAvailable) return fail(400, 'below the available version');
  key.minDecryption = decryption;
  key.minEncryption = encryption;
  return { status: 204 };
}

function trim(key: TransitKey, input: Readonly<Record<string, unknown>>): Reply {
  const least = input['min_available_version'];
  if (typeof least !== 'number') return fail(400, 'missing min_available_version');
  if (key.minDecryption === 0 || key.minEncryption === 0) return fail(400, 'minimum versions must be set');
  if (least > Math.min(key.minDecryption, key.minEncryption)) return fail(400, 'above the minimum versions');
  key.minAvailable = least;
  for (let version = 1; version < least; version++) key.versions[version - 1] = undefined;
  return { status: 200, data: {} };
}

function bytesOf(value: unknown): Buffer | undefined {
  return typeof value === 'string' && BASE64.test(value) ? Buffer.from(value, 'base64') : undefined;
}

function encrypt(key: TransitKey, input: Readonly<Record<string, unknown>>): Reply {
  const plaintext = bytesOf(input['plaintext']);
  const context = bytesOf(input['associated_data'] ?? '');
  if (plaintext === undefined || context === undefined) return fail(400, 'failed to base64-decode');
  const version = key.versions.length;
  const material = key.versions.at(-1);
  if (material === undefined) return fail(500, 'no key material');
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', material.key, nonce).setAAD(context);
  const bytes = Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return {
    status: 200,
    data: { ciphertext: `vault:v${version}:${bytes.toString('base64')}`, key_version: version },
  };
}

function decrypt(key: TransitKey, input: Readonly<Record<string, unknown>>): Reply {
  const { ciphertext } = input;
  const [, number, encoded] = /^vault:v(\d+):(.+)$/.exec(String(ciphertext)) ?? [];
  const bytes = bytesOf(encoded);
  const context = bytesOf(input['associated_data'] ?? '');
  if (bytes === undefined || context === undefined)
    return fail(400, 'invalid ciphertext: no prefix or base64');
  const version = Number(number);
  if (version < key.minDecryption) return fail(400, 'ciphertext version is disallowed by policy (too old)');
  const material = key.versions[version - 1];
  if (material === undefined) return fail(400, 'invalid ciphertext: version is too new');
  try {
    const decipher = createDecipheriv('aes-256-gcm', material.key, bytes.subarray(0, 12));
    decipher.setAAD(context).setAuthTag(bytes.subarray(-16));
    const plaintext = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    return { status: 200, data: { plaintext: plaintext.toString('base64') } };
  } catch {
    return fail(400, 'cipher: message authentication failed');
  }
}

function hmac(key: TransitKey, input: Readonly<Record<string, unknown>>): Reply {
  const bytes = bytesOf(input['input']);
  const { key_version: wanted = 0 } = input;
  if (bytes === undefined || typeof wanted !== 'number') return fail(400, 'unable to decode input as base64');
  const version = wanted === 0 ? key.versions.length : wanted;
  const material = key.versions[version - 1];
  if (material === undefined || version < key.minEncryption) return fail(400, 'no such version');
  const digest = createHmac('sha256', material.hmac).update(bytes).digest('base64');
  return { status: 200, data: { hmac: `vault:v${version}:${digest}` } };
}
