import { type AdmitInput, type Destination, type PolicySnapshot } from '../../src/domain/policy.ts';
import { type Principal } from '../../src/domain/principal.ts';
import { buildPolicy } from '../../src/policy/build.ts';
import { type Vocabulary } from '../../src/policy/check.ts';
import { formatProblem } from '../../src/policy/problem.ts';

export const VOCABULARY: Vocabulary = {
  supportedHandlings: ['disclose', 'pseudonymise', 'hash', 'mask', 'block'],
  extraEntities: [],
  operations: undefined,
};

export const NOW_MS = Date.UTC(2026, 0, 15, 12);

/** A policy set as JSON, which is YAML; only what matters to a test is spelt out. */
export function setOf(parts: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ version: 1, name: 'test', roles: { user: {} }, rules: [ruleOf({})], ...parts });
}

/** An allow for role `user` on everything, but for what `parts` says. */
export function ruleOf(parts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const everything = { operations: ['*'], models: ['*'], runners: ['*'] };
  return { id: 'rule', effect: 'allow', subjects: ['role:user'], ...everything, ...parts };
}

export async function snapshotOf(
  parts: Readonly<Record<string, unknown>>,
  onAlert: (alert: { readonly kind: string; readonly detail: string }) => void = () => undefined,
): Promise<PolicySnapshot> {
  const { snapshot, problems } = await buildPolicy(
    { text: setOf(parts), source: 'test.yaml' },
    VOCABULARY,
    onAlert,
  );
  if (snapshot === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  return snapshot;
}

/** The problems of a text, as shown to its author. */
export async function problemsOf(
  text: string,
  vocabulary: Partial<Vocabulary> = {},
): Promise<readonly string[]> {
  const built = await buildPolicy(
    { text, source: 'p.yaml' },
    { ...VOCABULARY, ...vocabulary },
    () => undefined,
  );
  return built.problems.map(formatProblem);
}

export interface InputParts extends Partial<Omit<AdmitInput, 'principal' | 'destination'>> {
  readonly principal?: Partial<Principal>;
  readonly destination?: Partial<Destination>;
}

/** alice of acme, role `user`, chatting with model `demo` on the internal runner `demo`, but for what `parts` says. */
export function inputOf({ principal, destination, ...rest }: InputParts = {}): AdmitInput {
  return {
    principal: {
      issuer: 'https://issuer.example',
      tenant: 'acme',
      subject: 'alice',
      roles: ['user'],
      groups: [],
      client: undefined,
      purposes: [],
      tokenId: undefined,
      expiresAt: 2_000_000_000,
      ...principal,
    },
    operation: 'chat',
    model: 'demo',
    destination: { runner: 'demo', trust: 'internal', region: 'unknown', ...destination },
    purpose: undefined,
    nowMs: NOW_MS,
    ...rest,
  };
}
