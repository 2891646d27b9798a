import test from 'ava';
import { errorOf, startTestCordon, type TestCordon } from '../support/cordon.ts';

let cordon: TestCordon;
test.before(async () => {
  cordon = await startTestCordon();
});
test.after.always(() => cordon.dispose());

async function ask(path: string, token?: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${cordon.adminUrl}${path}`, {
    ...init,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
    },
  });
}

const tokenOf = (role: string): Promise<string> =>
  cordon.issueDevToken({ subject: `${role}-person`, tenant: 'acme', roles: [role] });

test('the control plane answers nobody without a token, and nobody whom its own policy does not allow', async (t) => {
  t.is((await ask('/admin/v1/proposals')).status, 401);
  const refused = await ask('/admin/v1/proposals', await tokenOf('user'));
  t.is(refused.status, 403);
  t.is((await errorOf(refused)).code, 'no_matching_allow');
  const { items } = await cordon.audit.list({ types: ['ADMIN_REFUSED'] }, 10);
  t.is(items[0]?.record.data['operation'], 'proposals.read');

  const allowed = await ask('/admin/v1/proposals', await tokenOf('counsel'));
  t.is(allowed.status, 200);
  t.deepEqual(await allowed.json(), { items: [], next: null });
});

test('what is asked for wrongly is refused with its place', async (t) => {
  const token = await tokenOf('counsel');
  const misspelt = await ask('/admin/v1/proposals?stat=pending', token);
  t.is(misspelt.status, 400);
  t.is((await ask('/admin/v1/proposals?state=open', token)).status, 400);
  const id = '00000000-0000-7000-8000-000000000000';
  t.is((await ask(`/admin/v1/proposals/${id}`, token)).status, 404);
  const bad = await ask(`/admin/v1/proposals/${id}/approve`, token, { method: 'POST', body: '{"hash":7}' });
  t.is(bad.status, 400);
  t.is((await errorOf(bad)).param, '/hash');
  t.is((await ask(`/admin/v1/proposals/${id}/approve`, token, { method: 'POST', body: '{' })).status, 400);
  t.is((await ask(`/admin/v1/proposals/${id}`, token, { method: 'DELETE' })).status, 405);
});

test('the data plane knows nothing of the control plane', async (t) => {
  const token = await tokenOf('counsel');
  const response = await fetch(`${cordon.url}/admin/v1/proposals`, {
    headers: { authorization: `Bearer ${token}` },
  });
  t.is(response.status, 404);
});

test('the control plane describes itself', async (t) => {
  const document = (await (await ask('/openapi.json')).json()) as { readonly paths: object };
  t.true('/admin/v1/proposals/{id}/approve' in document.paths);
});
