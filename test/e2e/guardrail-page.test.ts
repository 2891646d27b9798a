import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import test from 'ava';
import { startTestCordon, type TestCordon } from '../support/cordon.ts';

let cordon: TestCordon;

test.before(async () => {
  cordon = await startTestCordon();
});

test.after.always(async () => {
  await cordon.dispose();
});

/** The shell blocks of the page that call curl. */
function curls(): readonly string[] {
  const page = readFileSync('docs/guardrail.md', 'utf8');
  return [...page.matchAll(/```sh\n([^]*?)```/g)]
    .map(([, block = '']) => block)
    .filter((block) => block.includes('curl'));
}

test('the curl commands of docs/guardrail.md do what it says, under the policy that npm start has', async (t) => {
  const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  const answers: string[] = [];
  for (const block of curls()) {
    const { stdout } = await promisify(execFile)('bash', ['-euc', block], {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', CORDON: cordon.url, TOKEN: token },
    });
    answers.push(stdout);
  }
  const [presidio = '', litellm = '', kong = ''] = answers;
  t.is(answers.length, 3);
  t.regex(presidio, /^\[\{"analysis_explanation":null,"end":31,"entity_type":"EMAIL_ADDRESS"/);
  t.regex(presidio, /\{"text":"Mail <EMAIL_ADDRESS>","items":\[/);
  t.regex(litellm, /^\{"action":"GUARDRAIL_INTERVENED","texts":\["Mail <EMAIL_ADDRESS_[0-9a-f]{12}>"\]\}$/);
  t.regex(kong, /"sanitized_text":"Mail PLACEHOLDER1"/);
});
