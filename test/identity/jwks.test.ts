import test, { type ExecutionContext } from 'ava';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  authenticatorFor,
  createSigningKey,
  NOW_MS,
  NOW_S,
  outcome,
  type SigningKey,
  signToken,
} from './tokens.ts';

const first = createSigningKey('ES256', 'first');
const second = createSigningKey('ES256', 'second');
const MINUTE = 60_000;

function jwksOf(...keys: readonly SigningKey[]): string {
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
}

/** A JWKS endpoint over real HTTP that counts its requests; `answer` may be changed between them. */
async function startJwks(t: ExecutionContext, body: string) {
  const state = { requests: 0, status: 200, body, location: undefined as string | undefined };
  const server = createServer((_, response) => {
    state.requests += 1;
    if (state.location !== undefined) response.setHeader('location', state.location);
    response.writeHead(state.status, { 'content-type': 'application/json' }).end(state.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { state, jwks: { kind: 'url', url: `http://127.0.0.1:${port}/jwks` } as const };
}

/** The token is fresh at `now`, so only the keys decide. */
function tokenAt(key: SigningKey, nowMs: number, kid = key.kid): string {
  const iat = nowMs / 1000;
  return signToken(key, { header: { kid }, claims: { iat, exp: iat + 600 } });
}

test('keys come by URL and are fetched once for many tokens', async (t) => {
  const { state, jwks } = await startJwks(t, jwksOf(first));
  const authenticator = authenticatorFor([], { jwks });
  const tokens = Array.from({ length: 50 }, (_, n) => signToken(first, { claims: { jti: `t${n}` } }));
  const outcomes = await Promise.all(tokens.map((token) => outcome(authenticator, token)));
  t.deepEqual([...new Set(outcomes)], ['accepted']);
  t.is(state.requests, 1);
});

test('300 tokens with unknown kids cause one fetch', async (t) => {
  const { state, jwks } = await startJwks(t, jwksOf(first));
  const authenticator = authenticatorFor([], { jwks });
  const tokens = Array.from({ length: 300 }, (_, n) => tokenAt(second, NOW_MS, `forged-${n}`));
  const half = await Promise.all(tokens.slice(0, 150).map((token) => outcome(authenticator, token)));
  for (const token of tokens.slice(150)) half.push(await outcome(authenticator, token));
  t.deepEqual([...new Set(half)], ['unauthenticated: key_unknown']);
  t.is(state.requests, 1);
});

test('a new key is found after the cooldown, an old one is gone with its set', async (t) => {
  let now = NOW_MS;
  const { state, jwks } = await startJwks(t, jwksOf(first));
  const authenticator = authenticatorFor([], { jwks }, () => now);
  t.is(await outcome(authenticator, tokenAt(first, now)), 'accepted');
  state.body = jwksOf(second);
  t.is(await outcome(authenticator, tokenAt(second, now)), 'unauthenticated: key_unknown');
  now += MINUTE;
  t.is(await outcome(authenticator, tokenAt(second, now)), 'accepted');
  t.is(await outcome(authenticator, tokenAt(first, now)), 'unauthenticated: key_unknown');
});

test('while the endpoint fails, known keys serve on for an hour and unknown ones never', async (t) => {
  let now = NOW_MS;
  const { state, jwks } = await startJwks(t, jwksOf(first));
  const authenticator = authenticatorFor([], { jwks }, () => now);
  t.is(await outcome(authenticator, tokenAt(first, now)), 'accepted');
  state.status = 500;
  now += 30 * MINUTE;
  t.is(await outcome(authenticator, tokenAt(first, now)), 'accepted');
  t.is(state.requests, 2);
  t.is(await outcome(authenticator, tokenAt(second, now)), 'identity_unavailable: jwks_unavailable');
  now += 31 * MINUTE;
  t.is(await outcome(authenticator, tokenAt(first, now)), 'identity_unavailable: jwks_unavailable');
  state.status = 200;
  now += MINUTE;
  t.is(await outcome(authenticator, tokenAt(first, now)), 'accepted');
});

test('an endpoint that never answered lets nobody in and is not asked for every token', async (t) => {
  const { state, jwks } = await startJwks(t, jwksOf(first));
  state.status = 503;
  const authenticator = authenticatorFor([], { jwks });
  for (let n = 0; n < 20; n++) {
    t.is(await outcome(authenticator, signToken(first)), 'identity_unavailable: jwks_unavailable');
  }
  t.is(state.requests, 1);
});

test('what is not a JWKS of public keys lets nobody in', async (t) => {
  const secret = JSON.stringify({ keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: first.kid }] });
  const bodies = [
    '',
    '<html>',
    '[]',
    '{"keys":{}}',
    '{"keys":[null]}',
    secret,
    jwksOf(first) + ' '.repeat(300_000),
  ];
  for (const body of bodies) {
    const { jwks } = await startJwks(t, body);
    t.is(
      await outcome(authenticatorFor([], { jwks }), signToken(first)),
      'identity_unavailable: jwks_unavailable',
    );
  }
});

test('a redirect is not followed', async (t) => {
  const target = await startJwks(t, jwksOf(first));
  const { state, jwks } = await startJwks(t, '');
  state.status = 302;
  state.location = target.jwks.url;
  t.is(
    await outcome(authenticatorFor([], { jwks }), signToken(first)),
    'identity_unavailable: jwks_unavailable',
  );
  t.is(target.state.requests, 0);
});

async function keyFile(t: ExecutionContext, content: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cordon-jwks-'));
  t.teardown(() => rm(directory, { recursive: true }));
  const path = join(directory, 'jwks.json');
  await writeFile(path, content);
  await utimes(path, NOW_S, NOW_S);
  return path;
}

test('keys come by file and are read again when it changes', async (t) => {
  let now = NOW_MS;
  const path = await keyFile(t, jwksOf(first));
  const authenticator = authenticatorFor([], { jwks: { kind: 'file', path } }, () => now);
  t.is(await outcome(authenticator, tokenAt(first, now)), 'accepted');
  await writeFile(path, jwksOf(second));
  t.is(
    await outcome(authenticator, tokenAt(second, now)),
    'unauthenticated: key_unknown',
    'not looked at yet',
  );
  now += 1000;
  t.is(await outcome(authenticator, tokenAt(second, now)), 'accepted');
  t.is(await outcome(authenticator, tokenAt(first, now)), 'unauthenticated: key_unknown');
});

test('reload() reads the file at once and forgets tokens verified by removed keys', async (t) => {
  const path = await keyFile(t, jwksOf(first));
  const authenticator = authenticatorFor([], { jwks: { kind: 'file', path } });
  const token = signToken(first);
  t.is(await outcome(authenticator, token), 'accepted');
  await writeFile(path, jwksOf(second));
  t.is(await outcome(authenticator, token), 'accepted', 'verified a moment ago');
  await authenticator.reload();
  t.is(await outcome(authenticator, token), 'unauthenticated: key_unknown');
});

test('a broken file keeps the last keys in use and makes reload() fail', async (t) => {
  let now = NOW_MS;
  const path = await keyFile(t, jwksOf(first));
  const authenticator = authenticatorFor([], { jwks: { kind: 'file', path } }, () => now);
  t.is(await outcome(authenticator, tokenAt(first, now)), 'accepted');
  await writeFile(path, '{"keys":[');
  await t.throwsAsync(authenticator.reload(), { message: /cannot be checked/ });
  now += 2000;
  t.is(await outcome(authenticator, tokenAt(first, now)), 'accepted');
  now += 61 * MINUTE;
  t.is(await outcome(authenticator, tokenAt(first, now)), 'identity_unavailable: jwks_unavailable');
});

test('a file that is not there lets nobody in', async (t) => {
  const jwks = { kind: 'file', path: join(tmpdir(), 'cordon-no-such-directory', 'jwks.json') } as const;
  t.is(
    await outcome(authenticatorFor([], { jwks }), signToken(first)),
    'identity_unavailable: jwks_unavailable',
  );
});
