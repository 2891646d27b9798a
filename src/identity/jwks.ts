import { readFile, stat } from 'node:fs/promises';
import { type JwksConfig } from './config.ts';
import { type KeySet, parseKeySet } from './key-set.ts';
import { fixedKeys, type KeySource, refreshingKeys } from './key-source.ts';

const MAX_BYTES = 256 * 1024;
const FETCH_TIMEOUT_MS = 5000;
const STALE_MS = 60 * 60 * 1000;
const URL_TIMES = { freshMs: 10 * 60 * 1000, cooldownMs: 30_000, retryMs: 5000, staleMs: STALE_MS };
const FILE_TIMES = { freshMs: 1000, cooldownMs: 1000, retryMs: 1000, staleMs: STALE_MS };

export interface KeySourceTools {
  readonly clock: () => number;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** Throws a TypeError when the configuration cannot be right; files and URLs are first read when a token comes. */
export function createKeySource(config: JwksConfig, { clock, fetch }: KeySourceTools): KeySource {
  switch (config.kind) {
    case 'inline':
      return fixedKeys(parseKeySet({ keys: config.keys }));
    case 'file':
      return refreshingKeys({ ...FILE_TIMES, clock, read: fileReader(config.path) });
    case 'url': {
      const url = checkUrl(config.url);
      return refreshingKeys({ ...URL_TIMES, clock, read: () => fetchKeys(url, fetch) });
    }
  }
}

/** Whoever can change the answer can make tokens, so only this machine may be asked in the clear. */
function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopback)) {
    throw new TypeError('a JWKS URL starts with https:// (http:// only on the loopback interface)');
  }
  if (url.username !== '' || url.password !== '') throw new TypeError('a JWKS URL holds no credentials');
  return url.href;
}

async function fetchKeys(url: string, fetch: KeySourceTools['fetch']): Promise<KeySet> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new TypeError('the JWKS endpoint did not answer 200');
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> = response.body;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new RangeError(`a JWKS has at most ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return parseKeySet(JSON.parse(Buffer.concat(chunks).toString('utf8')));
}

/** Reads only when the file looks changed; half-written files fail to parse and leave the last keys in place. */
function fileReader(path: string): () => Promise<KeySet | 'unchanged'> {
  let seen: string | undefined;
  return async () => {
    const { mtimeMs, size, ino } = await stat(path);
    const mark = `${mtimeMs}:${size}:${ino}`;
    if (mark === seen) return 'unchanged';
    if (size > MAX_BYTES) throw new RangeError(`a JWKS has at most ${MAX_BYTES} bytes`);
    const keys = parseKeySet(JSON.parse(await readFile(path, 'utf8')));
    seen = mark;
    return keys;
  };
}
