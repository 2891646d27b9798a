import test from 'ava';
import fc from 'fast-check';
import { CordonError } from '../../src/domain/errors.ts';
import { createAuthenticator } from '../../src/identity/authenticator.ts';
import { type IssuerConfig } from '../../src/identity/config.ts';
import {
  AUDIENCE,
  authenticatorFor,
  createSigningKey,
  ISSUER,
  NOW_MS,
  NOW_S,
  outcome,
  signToken,
} from './tokens.ts';

const ec = createSigningKey('ES256', 'ec-1');

for (const algorithm of ['ES256', 'RS256', 'EdDSA'] as const) {
  test(`a good ${algorithm} token yields its principal`, async (t) => {
    const key = createSigningKey(algorithm, 'k');
    const claims = { groups: ['staff'], client_id: 'app', purposes: 'support research', jti: 'id-1' };
    const principal = await authenticatorFor([key]).authenticate(`Bearer ${signToken(key, { claims })}`);
    t.deepEqual(principal, {
      issuer: ISSUER,
      tenant: 'acme',
      subject: 'alice',
      roles: ['user'],
      groups: ['staff'],
      client: 'app',
      purposes: ['support', 'research'],
      tokenId: 'id-1',
      expiresAt: NOW_S + 600,
    });
    t.true(Object.isFrozen(principal) && Object.isFrozen(principal.roles));
  });
}

test('typ is compared as a media type, the scheme without case', async (t) => {
  const token = signToken(ec, { header: { typ: 'application/AT+JWT' } });
  await t.notThrowsAsync(authenticatorFor([ec]).authenticate(`bearer ${token}`));
});

test('a token of several audiences is accepted when ours is among them', async (t) => {
  t.is(
    await outcome(authenticatorFor([ec]), signToken(ec, { claims: { aud: ['other', AUDIENCE] } })),
    'accepted',
  );
});

test('claims are found by dot path and by JSON pointer', async (t) => {
  const claims = {
    'https://acme.example/tenant': 'globex',
    realm_access: { roles: ['analyst'] },
    constructor: undefined,
  };
  const authenticator = authenticatorFor([ec], {
    claims: {
      tenant: '/https:~1~1acme.example~1tenant',
      roles: 'realm_access.roles',
      groups: 'constructor.name',
    },
  });
  const principal = await authenticator.authenticate(`Bearer ${signToken(ec, { claims })}`);
  t.is(principal.tenant, 'globex');
  t.deepEqual(principal.roles, ['analyst']);
  t.deepEqual(principal.groups, []);
});

test('two issuers keep their keys apart', async (t) => {
  const second = createSigningKey('ES256', 'ec-1');
  const authenticator = createAuthenticator({
    clock: () => NOW_MS,
    issuers: [
      { issuer: ISSUER, audience: AUDIENCE, jwks: { kind: 'inline', keys: [ec.jwk] } },
      { issuer: 'https://two.example', audience: AUDIENCE, jwks: { kind: 'inline', keys: [second.jwk] } },
    ],
  });
  t.is(
    await outcome(authenticator, signToken(second, { claims: { iss: 'https://two.example' } })),
    'accepted',
  );
  t.is(await outcome(authenticator, signToken(second)), 'unauthenticated: signature_invalid');
});

test('a verified token is remembered, but not past its expiry', async (t) => {
  let now = NOW_MS;
  const authenticator = authenticatorFor([ec], { clockToleranceS: 0 }, () => now);
  const token = signToken(ec, { claims: { exp: NOW_S + 30 } });
  const first = await authenticator.authenticate(`Bearer ${token}`);
  t.is(await authenticator.authenticate(`Bearer ${token}`), first, 'the same object, so from the cache');
  now = NOW_MS + 30_000;
  t.is(await outcome(authenticator, token), 'unauthenticated: expired');
});

test('a verified token is verified anew after a minute and after a purge', async (t) => {
  let now = NOW_MS;
  const authenticator = authenticatorFor([ec], {}, () => now);
  const header = `Bearer ${signToken(ec)}`;
  const first = await authenticator.authenticate(header);
  now += 59_999;
  t.is(await authenticator.authenticate(header), first);
  now += 1;
  const second = await authenticator.authenticate(header);
  t.not(second, first);
  authenticator.purge();
  t.not(await authenticator.authenticate(header), second);
});

test('a purge also forgets what was being verified when it came', async (t) => {
  const authenticator = authenticatorFor([ec]);
  const header = `Bearer ${signToken(ec)}`;
  const running = authenticator.authenticate(header);
  authenticator.purge();
  const first = await running;
  t.not(await authenticator.authenticate(header), first);
});

test('any change to a token is refused or leaves the principal as it was', async (t) => {
  const token = signToken(ec);
  const good = await authenticatorFor([ec]).authenticate(`Bearer ${token}`);
  const authenticator = authenticatorFor([ec]);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(token.length - 1),
      fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_', '.', '='),
      async (at, sign) => {
        const header = `Bearer ${token.slice(0, at)}${sign}${token.slice(at + 1)}`;
        try {
          t.deepEqual(await authenticator.authenticate(header), good);
        } catch (error) {
          t.true(error instanceof CordonError && error.code === 'unauthenticated');
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a configuration that could not be meant is refused at once', (t) => {
  const refused: readonly (readonly [Partial<IssuerConfig>, RegExp])[] = [
    [{ algorithms: ['HS256'] }, /algorithms/],
    [{ algorithms: ['none'] }, /algorithms/],
    [{ algorithms: [] }, /algorithms/],
    [{ audience: [] }, /audience/],
    [{ tokenTypes: [] }, /tokenTypes/],
    [{ maxTokenAgeS: 3601 }, /maxTokenAgeS/],
    [{ maxTokenAgeS: Number.NaN }, /maxTokenAgeS/],
    [{ clockToleranceS: 31 }, /clockToleranceS/],
    [{ jwks: { kind: 'url', url: 'http://issuer.example/jwks' } }, /https/],
    [{ jwks: { kind: 'url', url: 'http://127.0.0.1.evil.example/' } }, /https/],
    [{ jwks: { kind: 'url', url: 'https://user:pass@issuer.example/' } }, /credentials/],
    [{ jwks: { kind: 'inline', keys: [{ kty: 'oct', k: 'AAAA' }] } }, /public keys/],
    [{ jwks: { kind: 'inline', keys: [{ ...ec.jwk, d: 'AAAA' }] } }, /public keys/],
  ];
  for (const [config, message] of refused) t.throws(() => authenticatorFor([ec], config), { message });
  const twice = { issuer: ISSUER, audience: AUDIENCE, jwks: { kind: 'inline', keys: [ec.jwk] } } as const;
  t.throws(() => createAuthenticator({ issuers: [twice, twice], clock: () => NOW_MS }), {
    message: /same name/,
  });
});
