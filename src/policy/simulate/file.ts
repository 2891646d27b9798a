import { z } from 'zod';
import { type SimulatedCall } from './call.ts';

const name = z.string().min(1).max(256);

/** One call a line: what a case of a policy set says under `given`, and what is found in it. */
const line = z.strictObject({
  subject: name,
  tenant: name.default('default'),
  issuer: name.default('https://issuer.example'),
  roles: z.array(name).default([]),
  groups: z.array(name).default([]),
  client: name.optional(),
  purposes: z.array(name).optional(),
  operation: name.default('chat'),
  model: name,
  runner: name,
  trust: z.enum(['internal', 'external']).default('external'),
  region: name.default('unknown'),
  purpose: name.optional(),
  at: z.iso.datetime({ offset: true }).optional(),
  entities: z.record(z.string(), z.int().min(1)).default({}),
  opaque: z.boolean().default(false),
});

/** JSON Lines → calls; throws a RangeError that names the first bad line and what is wrong with it. */
export function parseCalls(text: string, nowMs: number): readonly SimulatedCall[] {
  return text
    .split('\n')
    .map((source, index) => ({ source: source.trim(), number: index + 1 }))
    .filter(({ source }) => source !== '')
    .map(({ source, number }) => parseCall(source, number, nowMs));
}

function parseCall(source: string, number: number, nowMs: number): SimulatedCall {
  const parsed = line.safeParse(parseJson(source, number));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new RangeError(`line ${number}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'malformed'}`);
  }
  const { subject, tenant, issuer, roles, groups, client, purpose, purposes, at, ...rest } = parsed.data;
  const { operation, model, runner, trust, region, entities, opaque } = rest;
  return {
    id: `line ${number}`,
    person: subject,
    principal: {
      ...{ issuer, tenant, subject, roles, groups, client },
      purposes: purposes ?? (purpose === undefined ? [] : [purpose]),
      tokenId: undefined,
      expiresAt: Number.MAX_SAFE_INTEGER,
    },
    ...{ operation, model, purpose, entities, opaque },
    destinations: [{ runner, trust, region }],
    nowMs: at === undefined ? nowMs : Date.parse(at),
  };
}

function parseJson(source: string, number: number): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw new RangeError(`line ${number}: this is not JSON; write one call a line`);
  }
}
