import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CordonError } from '../../src/domain/errors.ts';
import { startTestCordon, temporaryDirectory, type TestCordon } from './cordon.ts';
import { type CapturingUpstream, startUpstream } from './upstream.ts';

const POLICY = `
version: 1
name: test
roles: { user: {} }
rules:
  - { id: ask, effect: allow, subjects: ['role:user'], operations: ['*'], models: ['*'], runners: [guardrail] }
  - { id: no-mallory, effect: deny, subjects: ['subject:mallory'], operations: ['*'], models: ['*'], runners: ['*'] }
handling:
  - { id: ibans, entities: [IBAN_CODE], handling: block }
  - { id: birthdays, entities: [DATE_OF_BIRTH], handling: disclose }
  - { id: secrets, entities: [secrets], handling: mask }
  - { id: rest, entities: ['*'], handling: pseudonymise }
`;

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly text: string;
  readonly requestId: string;
}

export interface GuardTest {
  readonly cordon: TestCordon;
  readonly upstream: CapturingUpstream;
  readonly token: string;
  /** Parts that fail while they are in here. */
  readonly broken: Set<'detector' | 'ledger'>;
  /** GET without a body, else POST; a string is sent as it is. */
  ask<T = unknown>(
    at: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<T>>;
  /** Everything that is recorded about a call, decrypted, in JSON. */
  recordOf(requestId: string): Promise<string>;
  dispose(): Promise<void>;
}

/** A Cordon that other gateways ask, whose policy blocks, discloses, masks and pseudonymises. */
export async function startGuardTest(): Promise<GuardTest> {
  const directory = temporaryDirectory();
  const policy = path.join(directory, 'policy.yaml');
  writeFileSync(policy, POLICY);
  const config = path.join(directory, 'cordon.yaml');
  writeFileSync(config, `policy: { file: ${policy} }\n`);
  const upstream = await startUpstream();
  const broken: GuardTest['broken'] = new Set();
  const cordon = await startTestCordon({
    runnerUrl: upstream.url,
    env: { CORDON_CONFIG: config },
    replace: {
      detector: (real) => ({
        version: real.version,
        detect: (requests, signal) =>
          broken.has('detector') ? Promise.reject(new Error('gone')) : real.detect(requests, signal),
      }),
      ledger: (real) => ({
        begin: (record) => (broken.has('ledger') ? Promise.reject(noLedger()) : real.begin(record)),
        finish: (record) => real.finish(record),
        note: (record) => real.note(record),
      }),
    },
  });
  const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  return {
    cordon,
    upstream,
    token,
    broken,
    async ask(at, body, headers = bearer(token)) {
      const response = await fetch(`${cordon.url}${at}`, {
        ...(body === undefined
          ? {}
          : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
        headers: { 'content-type': 'application/json', ...headers },
      });
      const text = await response.text();
      const requestId = response.headers.get('cordon-request-id') ?? '';
      return { status: response.status, body: JSON.parse(text) as never, text, requestId };
    },
    recordOf: async (requestId) => JSON.stringify(await cordon.audit.show(requestId)),
    async dispose(): Promise<void> {
      await cordon.dispose();
      await upstream.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function noLedger(): CordonError {
  return new CordonError('audit_unavailable', 'The audit cannot be written.');
}

export function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

/** A piece of a text as Python cuts it. */
export function cut(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  return Array.from(text).slice(start, end).join('');
}

export const LITELLM = '/beta/litellm_basic_guardrail_api';

export interface LitellmAnswer {
  readonly action: string;
  readonly blocked_reason?: string;
  readonly texts?: readonly string[];
  readonly structured_messages?: readonly { readonly role: string; readonly content: string }[];
  readonly stream_holdback_chars?: readonly number[];
}

/** A request as LiteLLM's client dumps it, its nulls included. */
export function litellm(
  inputType: string,
  callId: string,
  texts: readonly string[],
  extra: object = {},
): object {
  return {
    input_type: inputType,
    litellm_call_id: callId,
    litellm_trace_id: 'trace',
    structured_messages: null,
    images: null,
    tools: null,
    texts,
    request_data: { user_api_key_user_email: 'admin@example.com', user_api_key_hash: null },
    request_headers: { 'User-Agent': 'OpenAI/Python 2.17.0' },
    litellm_version: '1.80.0',
    additional_provider_specific_params: { threshold: 0.5, since: 4_111_111_111_111_111 },
    tool_calls: null,
    model: null,
    ...extra,
  };
}
