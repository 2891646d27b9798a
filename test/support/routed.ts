import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startTestCordon, temporaryDirectory, type TestCordon } from './cordon.ts';

export const OPEN_POLICY = `
version: 1
name: test
roles: { user: {} }
rules:
  - { id: all, effect: allow, subjects: ['role:user'], operations: ['*'], models: ['*'], runners: ['*'] }
handling:
  - { id: rest, entities: ['*'], handling: pseudonymise }
`;

/** The whole product with this configuration and this policy. */
export async function startRouted(config: string, policy: string = OPEN_POLICY): Promise<TestCordon> {
  const dataDirectory = temporaryDirectory();
  writeFileSync(path.join(dataDirectory, 'policy.yaml'), policy);
  const file = path.join(dataDirectory, 'cordon.yaml');
  writeFileSync(file, `policy: { file: policy.yaml }\n${config}`);
  return startTestCordon({ dataDirectory, env: { CORDON_CONFIG: file } });
}

/** What the record says about the tries of a call, one line each. */
export async function attemptsOf(cordon: TestCordon, requestId: string | null): Promise<readonly string[]> {
  const shown = await cordon.audit.show(requestId ?? '');
  const attempts = shown?.completion?.data['attempts'];
  if (!Array.isArray(attempts)) return [];
  return (attempts as readonly Readonly<Record<string, string | number | undefined>>[]).map(
    ({ runner, outcome, status, reason }) =>
      [runner, outcome, status, reason].filter((part) => part !== undefined).join(' '),
  );
}
