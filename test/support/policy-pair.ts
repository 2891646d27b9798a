import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Detector } from '../../src/domain/span.ts';
import { startTestCordon, type TestCordon, temporaryDirectory } from './cordon.ts';
import { startTestPostgres, type TestDatabase, type TestPostgres } from './postgres.ts';
import { type CapturingUpstream, startUpstream } from './upstream.ts';

/** Two processes' worth of Cordon on one database, with keys and issuer in common, their policy in that database. */
export interface PolicyPair {
  readonly postgres: TestPostgres;
  readonly database: TestDatabase;
  readonly upstream: CapturingUpstream;
  readonly both: readonly [TestCordon, TestCordon];
  admin(person: string, roles: readonly string[]): Promise<AdminCaller>;
  stop(): Promise<void>;
}

export interface AdminAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type AdminCaller = (method: string, path: string, body?: unknown) => Promise<AdminAnswer>;

/** Finds nothing: what is tested with it is who decides, not what is found. */
export function blindDetector(real: Detector): Detector {
  return { version: real.version, detect: (requests) => Promise.resolve(requests.map(() => [])) };
}

/** A policy that lets `user` chat and denies the subjects named. */
export function policyDenying(name: string, denied: readonly string[], extra = ''): string {
  const deny = denied.map(
    (subject, i) =>
      `  - { id: deny-${i}, effect: deny, subjects: ['subject:${subject}'], operations: ['*'], models: ['*'], runners: ['*'] }\n`,
  );
  return `version: 1
name: ${name}
roles: { user: {} }
rules:
  - { id: users, effect: allow, subjects: ['role:user'], operations: ['*'], models: ['*'], runners: ['*'] }
${deny.join('')}handling:
  - { id: all, entities: ['*'], handling: pseudonymise }
${extra}`;
}

export async function startPolicyPair(
  options: {
    readonly policy?: string;
    readonly settings?: string;
    readonly detector?: (real: Detector) => Detector;
  } = {},
): Promise<PolicyPair> {
  const { policy = policyDenying('first', ['mallory']), settings = '', detector = blindDetector } = options;
  const postgres = await startTestPostgres();
  const database = await postgres.createDatabase();
  const upstream = await startUpstream();
  const directory = temporaryDirectory();
  writeFileSync(path.join(directory, 'policy.yaml'), policy);
  const config = path.join(directory, 'cordon.yaml');
  // Tests share their machine; only those about deadlines have short ones.
  const lines = [
    `policy: { source: database, file: policy.yaml${settings === '' ? '' : `, ${settings}`} }`,
    'database: { deadline_ms: 20000 }',
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const start = (): Promise<TestCordon> =>
    startTestCordon({
      dataDirectory: path.join(directory, 'data'),
      runnerUrl: upstream.url,
      env: { CORDON_CONFIG: config, DATABASE_URL: database.url('superuser') },
      replace: { detector },
    });
  const both = [await start(), await start()] as const;
  return {
    ...{ postgres, database, upstream, both },
    async admin(person, roles) {
      const token = await both[0].issueDevToken({ subject: person, tenant: 'acme', roles: [...roles] });
      return adminCaller(both[0].adminUrl, token);
    },
    async stop(): Promise<void> {
      await both[0].stop('test');
      await both[1].dispose();
      await upstream.close();
      await postgres.stop();
    },
  };
}

export function adminCaller(adminUrl: string, token: string): AdminCaller {
  return async (method, where, body) => {
    const response = await fetch(`${adminUrl}/admin/v1${where}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as AdminAnswer['body'] };
  };
}

export interface Proposed {
  readonly id: string;
  readonly hash: string;
}

export async function submitVersion(author: AdminCaller, text: string): Promise<string> {
  const { status, body } = await author('POST', '/policy/versions', {
    bundle: { text, included: {} },
    note: 'a test',
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return String(body['version']);
}

export async function proposeActivation(
  author: AdminCaller,
  version: string,
  when: { readonly from?: string; readonly until?: string } = {},
): Promise<Proposed> {
  const { status, body } = await author('POST', '/policy/activations', { version, note: 'a test', ...when });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return { id: String(body['id']), hash: String(body['hash']) };
}

export async function approveProposal(reviewer: AdminCaller, { id, hash }: Proposed): Promise<void> {
  const { body } = await reviewer('POST', `/proposals/${id}/approve`, { hash });
  if (body['state'] !== 'executed') throw new Error(JSON.stringify(body));
}

/** Submitted by one person, proposed by the same, approved by the other; resolves with the version. */
export async function putInForce(
  author: AdminCaller,
  reviewer: AdminCaller,
  text: string,
  when: { readonly from?: string; readonly until?: string } = {},
): Promise<string> {
  const version = await submitVersion(author, text);
  await approveProposal(reviewer, await proposeActivation(author, version, when));
  return version;
}
