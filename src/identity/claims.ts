import { type Principal } from '../domain/principal.ts';
import { type IssuerProfile } from './config.ts';
import { refusal } from './refusal.ts';

const TENANT = /^[A-Za-z0-9._-]{1,64}$/;
const MAX_ITEMS = 256;
const MAX_CHARS = 256;
/** Control characters, and halves of surrogate pairs: neither belongs in a name that is logged and compared. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** Verified claims → principal, frozen, for it is shared between calls. Throws `unauthenticated`. */
export function principalFromClaims(
  claims: Readonly<Record<string, unknown>>,
  profile: IssuerProfile,
): Principal {
  const { tenant, roles, groups, client, purposes, subject_regions: regions } = profile.claims;
  const spokenFor = claimAt(claims, regions);
  const tenantName = claimAt(claims, tenant);
  if (typeof tenantName !== 'string' || !TENANT.test(tenantName)) throw refusal('tenant_refused');
  if (profile.tenants?.has(tenantName) === false) throw refusal('tenant_refused');
  const { exp } = claims;
  if (typeof exp !== 'number') throw refusal('claim_invalid');
  return Object.freeze({
    issuer: profile.issuer,
    tenant: tenantName,
    subject: name(claims['sub']),
    roles: names(claimAt(claims, roles)),
    groups: names(claimAt(claims, groups)),
    client: optionalName(claimAt(claims, client)),
    purposes: names(claimAt(claims, purposes)),
    ...(spokenFor === undefined ? {} : { subjectRegions: names(spokenFor) }),
    tokenId: optionalName(claims['jti']),
    expiresAt: exp,
  });
}

/** Own properties only, so that no path reaches `constructor` or `__proto__`. */
function claimAt(claims: unknown, path: string): unknown {
  const steps = path.startsWith('/')
    ? path
        .slice(1)
        .split('/')
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    : path.split('.');
  let value = claims;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}

function name(value: unknown): string {
  const sound =
    typeof value === 'string' && value !== '' && value.length <= MAX_CHARS && !UNPRINTABLE.test(value);
  if (!sound) throw refusal('claim_invalid');
  return value;
}

function optionalName(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : name(value);
}

/** A list of names, or one string of them apart by blanks as in `scope` (RFC 8693 §4.2). */
function names(value: unknown): readonly string[] {
  const items: unknown =
    typeof value === 'string' ? value.split(' ').filter((item) => item !== '') : (value ?? []);
  if (!Array.isArray(items) || items.length > MAX_ITEMS) throw refusal('claim_invalid');
  return Object.freeze(items.map(name));
}
