import test from 'ava';
import { errorOf, postChat, startTestCordon, type TestCordon, userMessage } from '../support/cordon.ts';
import { runCli } from '../support/process.ts';

let cordon: TestCordon;
test.before(async () => {
  cordon = await startTestCordon();
});
test.after.always(() => cordon.dispose());

const tokenOf = (role: string, subject = `${role}-person`): Promise<string> =>
  cordon.issueDevToken({ subject, tenant: 'acme', roles: [role] });

async function ask(path: string, role: string, body: object): Promise<Response> {
  return fetch(`${cordon.adminUrl}/admin/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenOf(role)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

interface Page {
  readonly items: readonly {
    readonly id: string;
    readonly end: { readonly data: { readonly outcome: string } };
  }[];
  readonly next: string | null;
}

async function call(text: string, dataSubject: string): Promise<string> {
  const response = await postChat(cordon, await tokenOf('user', 'agent-1'), userMessage(text), {
    headers: { 'cordon-data-subject': dataSubject },
  });
  await response.text();
  return response.headers.get('cordon-request-id') ?? '';
}

test.serial(
  'counsel finds a call by what stood in it, and by whom it was about; others may not look',
  async (t) => {
    const id = await call('Please write to wanda.quixote@example.org about the invoice.', 'patient-4711');
    await call('Please write to somebody.else@example.org about the invoice.', 'patient-1');
    const queries: readonly object[] = [
      { email: 'Wanda.Quixote@example.org' },
      { email: 'Wanda.Quixote@example.org', sent: 'demo' },
      { subject: 'patient-4711' },
      { value: 'patient-4711', entity: 'EMAIL_ADDRESS', outcome: 'complete', principal: 'agent-1' },
    ];
    for (const query of queries) {
      const found = (await (
        await ask('/audit/search', 'counsel', { query, reason: 'matter 7' })
      ).json()) as Page;
      t.deepEqual(
        found.items.map((item) => [item.id, item.end.data.outcome]),
        [[id, 'complete']],
        JSON.stringify(query),
      );
      t.is(found.next, null);
    }
    const refused = await ask('/audit/search', 'user', { query: {} });
    t.is(refused.status, 403);
    const wrong = await ask('/audit/search', 'counsel', { query: { colour: 'red' } });
    t.is(wrong.status, 400);
    t.is((await errorOf(await ask('/audit/search', 'counsel', { cursor: 'AAAA' }))).param, '/cursor');
    const { items } = await cordon.audit.list({ types: ['SEARCHED'] }, 10);
    t.is(items.length, queries.length);
    t.false(JSON.stringify(items.map(({ record }) => record)).includes('wanda'));
  },
);

test.serial('the commands search and report as the person whose token they are given', async (t) => {
  const id = await call('My IBAN is DE89 3704 0044 0532 0130 00, said rosa.luz@example.org.', 'rosa');
  const env = async (role: string) => ({
    CORDON_ADMIN_URL: cordon.adminUrl,
    CORDON_TOKEN: await tokenOf(role),
    CORDON_DATA_DIR: cordon.dataDirectory,
  });
  const auditor = await env('auditor');
  const found = await runCli(['audit', 'search', '--value', 'DE89370400440532013000', '--json'], auditor);
  t.is(found.code, 0, found.stderr);
  t.is((JSON.parse(found.stdout) as { readonly id: string }).id, id);
  t.regex((await runCli(['audit', 'search', '--subject', 'rosa'], auditor)).stdout, new RegExp(id));

  const breach = await runCli(['audit', 'report', 'breach', '--subject', 'rosa', '--format', 'csv'], auditor);
  t.regex(breach.stdout, /^all,,1,1,/m);
  t.regex(breach.stdout, /^entity,IBAN_CODE,1,1,/m);
  const sent = await runCli(
    ['audit', 'report', 'disclosures', '--subject', 'rosa', '--format', 'csv'],
    auditor,
  );
  t.regex(sent.stdout, /^\d{4}-\d\d,demo,,EMAIL_ADDRESS,pseudonymise,1,1,/m);
  const processing = await runCli(['audit', 'report', 'processing'], auditor);
  t.is(processing.code, 1);
  t.regex(processing.stderr, /missing: rule \S+ allows calls without naming purposes/);

  const about = ['audit', 'report', 'subject', '--email', 'rosa.luz@example.org', '--subject', 'rosa'];
  const denied = await runCli([...about, '--for', 'request 12'], auditor);
  t.is(denied.code, 2);
  t.regex(denied.stderr, /does not allow you report\.subject/);
  t.is((await runCli(about, await env('counsel'))).code, 2);
  const shown = await runCli([...about, '--for', 'request 12', '--format', 'text'], await env('counsel'));
  t.is(shown.code, 0, shown.stderr);
  t.regex(shown.stdout, /stood for: rosa\.luz@example\.org/);
  t.regex(shown.stdout, /It was sent to demo/);
  const { items } = await cordon.audit.list({ types: ['REPORTED', 'REVEALED'] }, 10);
  t.is(items.length, 5);
});

test.serial('the index is checked and built again beside the running proxy', async (t) => {
  const env = { CORDON_DATA_DIR: cordon.dataDirectory };
  const checked = await runCli(['audit', 'reindex', '--check'], env);
  t.is(checked.code, 0, checked.stdout + checked.stderr);
  const built = await runCli(['audit', 'reindex', '--values'], env);
  t.is(built.code, 0, built.stderr);
  t.regex(built.stdout, /records read; \d+ rows/);
});
