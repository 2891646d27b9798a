import test from 'ava';
import { createHmac } from 'node:crypto';
import { EncryptJWT, generateSecret } from 'jose';
import { CordonError } from '../../src/domain/errors.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import {
  authenticatorFor,
  createSigningKey,
  GOOD_CLAIMS,
  NOW_S,
  outcome,
  signToken,
  signWith,
  type TokenParts,
} from './tokens.ts';

const ec = createSigningKey('ES256', 'ec-1');
const other = createSigningKey('ES256', 'ec-2');
const rsa = createSigningKey('RS256', 'rsa-1');
const authenticator = authenticatorFor([ec]);

/** Each token differs from an accepted one in exactly what its title says. */
const REFUSED: readonly (readonly [title: string, parts: TokenParts, reason: string])[] = [
  ['a token with an embedded jwk', { header: { jwk: ec.jwk } }, 'header_key_refused'],
  ['a token with jku', { header: { jku: 'https://issuer.example/keys' } }, 'header_key_refused'],
  ['a token with x5u', { header: { x5u: 'https://issuer.example/cert' } }, 'header_key_refused'],
  ['a token with x5c', { header: { x5c: ['MIIB'] } }, 'header_key_refused'],
  ['a token with an unknown crit', { header: { crit: ['exp2'], exp2: 1 } }, 'crit_refused'],
  ['a token with an unencoded payload', { header: { crit: ['b64'], b64: false } }, 'crit_refused'],
  ['a token without typ', { header: { typ: undefined } }, 'typ_refused'],
  ['an ID token', { header: { typ: 'id+jwt' } }, 'typ_refused'],
  ['a token for another audience', { claims: { aud: 'other' } }, 'audience_refused'],
  ['a token for no audience', { claims: { aud: undefined } }, 'claim_missing'],
  ['a token of another issuer', { claims: { iss: 'https://evil.example' } }, 'issuer_unknown'],
  ['a token without issuer', { claims: { iss: undefined } }, 'issuer_unknown'],
  ['a token whose issuer is not a string', { claims: { iss: ['https://issuer.example'] } }, 'issuer_unknown'],
  ['a token without exp', { claims: { exp: undefined } }, 'claim_missing'],
  ['a token whose exp is a string', { claims: { exp: String(NOW_S + 600) } }, 'claim_invalid'],
  ['a token that lives longer than an hour', { claims: { exp: NOW_S + 3601 } }, 'lifetime_too_long'],
  ['a token without iat', { claims: { iat: undefined } }, 'claim_missing'],
  ['a token from the future', { claims: { iat: NOW_S + 60 } }, 'issued_in_future'],
  ['a token issued more than an hour ago', { claims: { iat: NOW_S - 3700 } }, 'too_old'],
  ['an expired token', { claims: { iat: NOW_S - 100, exp: NOW_S - 10 } }, 'expired'],
  ['a token that is not valid yet', { claims: { nbf: NOW_S + 60 } }, 'not_yet_valid'],
  ['a token without subject', { claims: { sub: undefined } }, 'claim_missing'],
  ['a token with an empty subject', { claims: { sub: '' } }, 'claim_invalid'],
  ['a token with a subject of 257 characters', { claims: { sub: 'a'.repeat(257) } }, 'claim_invalid'],
  ['a token whose subject holds a line feed', { claims: { sub: 'a\nb' } }, 'claim_invalid'],
  ['a token whose subject is a number', { claims: { sub: 7 } }, 'claim_invalid'],
  ['a token without tenant', { claims: { tenant: undefined } }, 'tenant_refused'],
  ['a token whose tenant is a path', { claims: { tenant: '../acme' } }, 'tenant_refused'],
  ['a token whose tenant is the wildcard', { claims: { tenant: '*' } }, 'tenant_refused'],
  ['a token with 257 roles', { claims: { roles: Array(257).fill('r') } }, 'claim_invalid'],
  ['a token whose roles hold an object', { claims: { roles: [{ name: 'admin' }] } }, 'claim_invalid'],
  ['a token with a kid nobody has', { header: { kid: 'ec-9' } }, 'key_unknown'],
];

for (const [title, parts, reason] of REFUSED) {
  test(`${title} is refused`, async (t) => {
    t.is(await outcome(authenticator, signToken(ec, parts)), `unauthenticated: ${reason}`);
  });
}

test('the token the refused ones are made from is accepted', async (t) => {
  t.is(await outcome(authenticator, signToken(ec)), 'accepted');
});

test('an unsigned token (alg none) is refused', async (t) => {
  for (const alg of ['none', 'None', 'NONE']) {
    const token = signWith({ alg, typ: 'at+jwt', kid: ec.kid }, GOOD_CLAIMS, () => Buffer.alloc(0));
    t.is(await outcome(authenticator, token), 'unauthenticated: alg_refused');
  }
});

test('a token signed by HS256 with the RSA public key as its secret is refused', async (t) => {
  const secret = rsa.publicKey.export({ type: 'spki', format: 'pem' });
  const token = signWith({ alg: 'HS256', typ: 'at+jwt', kid: rsa.kid }, GOOD_CLAIMS, (input) =>
    createHmac('sha256', secret).update(input).digest(),
  );
  t.is(await outcome(authenticatorFor([rsa]), token), 'unauthenticated: alg_refused');
});

test('a token whose algorithm the issuer does not use is refused', async (t) => {
  const narrow = authenticatorFor([rsa], { algorithms: ['ES256'] });
  t.is(await outcome(narrow, signToken(rsa)), 'unauthenticated: alg_refused');
});

test('a token signed with a 1024 bit RSA key is refused', async (t) => {
  const weak = createSigningKey('RS256', 'weak', 1024);
  t.is(await outcome(authenticatorFor([weak]), signToken(weak)), 'unauthenticated: key_weak');
});

test('a token without kid is refused when the issuer has two keys, and accepted when it has one', async (t) => {
  const nameless = (key: typeof ec) => ({ ...key, jwk: { ...key.jwk, kid: undefined } });
  const token = signToken(ec, { header: { kid: undefined } });
  t.is(await outcome(authenticatorFor([ec, other]), token), 'unauthenticated: kid_required');
  t.is(await outcome(authenticatorFor([nameless(ec)]), token), 'accepted');
});

test('two keys of one name verify nothing', async (t) => {
  const twin = { ...other, kid: ec.kid, jwk: { ...other.jwk, kid: ec.kid } };
  t.is(await outcome(authenticatorFor([ec, twin]), signToken(ec)), 'unauthenticated: key_ambiguous');
});

test('a token signed by another key under a known name is refused', async (t) => {
  const token = signToken({ ...other, kid: ec.kid });
  t.is(await outcome(authenticator, token), 'unauthenticated: signature_invalid');
});

test('a token whose claims were changed after signing is refused', async (t) => {
  const [header, , signature] = signToken(ec).split('.');
  const claims = Buffer.from(JSON.stringify({ ...GOOD_CLAIMS, roles: ['admin'] })).toString('base64url');
  const token = `${header ?? ''}.${claims}.${signature ?? ''}`;
  t.is(await outcome(authenticator, token), 'unauthenticated: signature_invalid');
});

test('an encrypted token is refused', async (t) => {
  const token = await new EncryptJWT(GOOD_CLAIMS)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'at+jwt' })
    .encrypt(await generateSecret('A256GCM'));
  t.is(await outcome(authenticator, token), 'unauthenticated: token_malformed');
});

test('a token over 8 KB is refused unread, one just below is accepted', async (t) => {
  const padded = (bytes: number) => signToken(ec, { claims: { padding: 'x'.repeat(bytes) } });
  t.is(await outcome(authenticator, padded(LIMITS.tokenBytes)), 'unauthenticated: token_too_large');
  t.is(await outcome(authenticator, 'x'.repeat(10_000_000)), 'unauthenticated: token_too_large');
  t.is(await outcome(authenticator, padded(5000)), 'accepted');
});

test('an issuer speaks only for its tenants', async (t) => {
  const bound = authenticatorFor([ec], { tenants: ['globex'] });
  t.is(await outcome(bound, signToken(ec)), 'unauthenticated: tenant_refused');
  t.is(await outcome(bound, signToken(ec, { claims: { tenant: 'globex' } })), 'accepted');
});

test('every refusal says the same to the caller', async (t) => {
  const headers = [undefined, '', 'Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer ...', 'Bearer é.é.é'];
  for (const header of [...headers, `Bearer ${signToken(other)}`]) {
    const error = await t.throwsAsync(authenticator.authenticate(header), { instanceOf: CordonError });
    t.is(error.code, 'unauthenticated');
    t.is(error.message, 'A valid access token is required.');
  }
});
