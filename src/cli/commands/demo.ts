import { Command } from 'commander';
import { openRecordedAuditView } from '../../compose/audit-view.ts';
import { startCordon } from '../../compose/cordon.ts';
import { openDevIssuer } from '../../compose/identity.ts';
import { type Config, loadConfig } from '../../config/load.ts';
import { toShowOutput } from '../audit-output.ts';
import { print, printError, UsageError } from '../output.ts';

const PROMPTS = [
  'Hi, I am Maria Gonzalez. Please confirm the visit to maria.gonzalez@example.com or +1 202-555-0143; my card is 4111 1111 1111 1111.',
  '你好，我叫王小明，身份证号11010519491231002X，手机号13800138000，请帮我给李娜写一封邮件。',
];

export function demoCommand(): Command {
  return new Command('demo')
    .description('send one call in English and one in Chinese and show all sides of them')
    .action(async () => {
      const config = loadConfig();
      if (config.environment === 'production' || config.issuers.length > 0) {
        throw new UsageError('The demo needs the development issuer; run it without a configured issuer.');
      }
      const target = await findOrStart(config);
      try {
        for (const prompt of PROMPTS) await showCall(config, target.url, prompt);
        const reader = await openRecordedAuditView(config);
        try {
          const { records, problems } = await reader.verify({ decrypt: true });
          print(
            problems.length === 0
              ? `The audit record verifies: ${records} records, nothing changed.`
              : 'THE AUDIT RECORD DOES NOT VERIFY.',
          );
        } finally {
          await reader.close();
        }
      } finally {
        await target.stop();
      }
    });
}

/** The Cordon that already runs here, else one of our own on free ports. */
async function findOrStart(config: Config): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const url = `http://${config.server.host}:${config.server.port}`;
  if (await isCordon(url)) return { url, stop: () => Promise.resolve() };
  printError('Starting Cordon for the demo …');
  const server = { ...config.server, port: 0, admin_port: 0 };
  const cordon = await startCordon({ ...config, server }, { log: () => undefined });
  return { url: cordon.url, stop: () => cordon.stop('demo') };
}

async function isCordon(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok && response.headers.has('cordon-request-id');
  } catch {
    return false;
  }
}

async function showCall(config: Config, url: string, prompt: string): Promise<void> {
  const issuer = await openDevIssuer(config, () => Date.now());
  const token = await issuer.issueToken({ subject: 'demo', tenant: 'dev', roles: ['user'] });
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: prompt }] }),
  });
  const body = (await response.json()) as ChatAnswer;
  if (!response.ok) throw new UsageError(`The call was refused: ${body.error?.message ?? response.status}`);
  const reader = await openRecordedAuditView(config);
  try {
    const requestId = response.headers.get('cordon-request-id') ?? '';
    const record = toShowOutput(requestId, (await reader.show(requestId)) ?? fail());
    print(`What was sent\n  ${prompt}\n`);
    print(`What the runner received\n  ${lastContent(record.body ?? '{}')}\n`);
    print(`What came back\n  ${(body.choices?.[0]?.message?.content ?? '').replaceAll('\n', '\n  ')}\n`);
    const { decision, completion, originals } = record;
    print(
      `What the record says (decrypted)\n  ${JSON.stringify({ outcome: completion?.['outcome'], counts: decision?.['counts'], originals })}\n`,
    );
  } finally {
    await reader.close();
  }
}

interface ChatAnswer {
  readonly error?: { readonly message?: string };
  readonly choices?: readonly { readonly message?: { readonly content?: string } }[];
}

function lastContent(body: string): string {
  const request = JSON.parse(body) as { readonly messages?: readonly { readonly content?: string }[] };
  return request.messages?.at(-1)?.content ?? '';
}

function fail(): never {
  throw new UsageError('The record of the call is not there; run `npx cordon audit verify`.');
}
