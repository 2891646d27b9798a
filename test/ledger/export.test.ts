import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { parseCertificates } from '../../src/crypto/certificate.ts';
import { encryptCms } from '../../src/crypto/cms-enveloped.ts';
import { createBundle } from '../../src/ledger/export/bundle.ts';
import { csvLine } from '../../src/ledger/export/csv.ts';
import { parseExportRequest, requestHash } from '../../src/ledger/export/request.ts';
import { main, verifyBundle } from '../../src/ledger/export/verify-bundle.ts';
import { assembleVerifier } from '../../src/ledger/export/verifier-text.ts';
import { decryptCmsFor } from '../support/cms.ts';
import {
  asSuperuser,
  bundleOf,
  bytesOf,
  counsel,
  edit,
  exportScene,
  type ExportScene,
  filesOf,
  orderOf,
  runVerifier,
  temporary,
  unpack,
  verifierText,
} from '../support/export.ts';
import { openssl } from '../support/openssl.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

const scene = async (
  t: ExecutionContext,
  options?: Parameters<typeof exportScene>[2],
): Promise<ExportScene> => exportScene(t, await postgres.createDatabase(), options);

const linesOf = (file: Buffer | undefined): readonly string[] =>
  (file?.toString('utf8') ?? '').split('\n').slice(0, -1);
const json = (text: string | undefined): Record<string, unknown> =>
  JSON.parse(text ?? '{}') as Record<string, unknown>;

test('a bundle of everything verifies by its own verify.mjs, and by ours', async (t) => {
  const made = await scene(t);
  const files = await bundleOf(t, made);
  const directory = unpack(t, files);
  const { status, output } = runVerifier(directory, made.key);
  t.is(status, 0, output);
  t.regex(output, /Verified: 42 records in 1 chains/);
  t.deepEqual(await verifyBundle(directory, made.key), { problems: [], records: 42, chains: 1 });
  t.is(linesOf(files.get('records.csv')).length, 43);
  t.is(json(files.get('manifest.json')?.toString())['records'], 42);
  const policy = `policy/${'ab'.repeat(32)}`;
  t.deepEqual(
    [...files.keys()].filter((name) => name.startsWith('policy/')),
    [`${policy}.yaml`, `${policy}/gdpr.yaml`, `${policy}/teams/support.yaml`],
  );
});

test('a bundle of some records proves these without showing the others', async (t) => {
  const made = await scene(t, { pairs: 300 });
  const wanted = made.decisions[150]?.requestId ?? '';
  const files = await bundleOf(t, made, { requestIds: [wanted] });
  const directory = unpack(t, files);
  t.deepEqual(await verifyBundle(directory, made.key), { problems: [], records: 2, chains: 1 });
  const everything = [...files.values()].map(String).join('\n');
  t.true(everything.includes(wanted));
  t.false(everything.includes(made.decisions[151]?.requestId ?? ''));
});

test('a filter that finds nothing makes an empty bundle that verifies', async (t) => {
  const made = await scene(t, { pairs: 1 });
  const directory = unpack(t, await bundleOf(t, made, { tenant: 'nobody' }));
  t.deepEqual(await verifyBundle(directory, made.key), { problems: [], records: 0, chains: 0 });
});

test('an end that nobody had signed is signed for the export, and says so', async (t) => {
  const made = await scene(t, { unsigned: true });
  const files = await bundleOf(t, made);
  t.deepEqual(await verifyBundle(unpack(t, files), made.key), { problems: [], records: 42, chains: 1 });
  t.regex(String(files.get('manifest.json')), /"signedAtExport": true/);
});

test('how much is opened follows the approved scope; an original is in no other', async (t) => {
  const made = await scene(t, {
    pairs: 3,
    change: () => ({ originals: { '[EMAIL_1]': 'zoe\u2028@example.org' } }),
  });
  const of = async (fields: 'metadata' | 'redacted' | 'originals') => {
    const files = await bundleOf(t, made, {}, fields);
    t.deepEqual((await verifyBundle(unpack(t, files), made.key)).problems, []);
    return [...files.values()].map(String).join('\n');
  };
  const [metadata, redacted, originals] = [await of('metadata'), await of('redacted'), await of('originals')];
  t.false(metadata.includes('caller-7'));
  t.false(metadata.includes('[EMAIL_1]'));
  t.true(redacted.includes('[EMAIL_1]') && redacted.includes('caller-7'));
  t.false(redacted.includes('zoe'));
  t.true(originals.includes('zoe'));
});

test('a record whose key was destroyed is exported as such, and still proven', async (t) => {
  const made = await scene(t, { pairs: 2 });
  await made.database.query("update cordon.deks set wrapped = null where kind = 'subject'");
  const deps = { ...made.deps, deks: made.parts.freshDeks() };
  const files = await bundleOf(t, { ...made, deps }, {}, 'originals');
  t.deepEqual((await verifyBundle(unpack(t, files), made.key)).problems, []);
  t.regex(String(files.get('records.jsonl')), /"findings":\{"unavailable":"key_unavailable"\}/);
});

test('records are OCSF API activities whose raw data is the header', async (t) => {
  const made = await scene(t, { pairs: 1 });
  const files = await bundleOf(t, made, { types: ['DECISION'] });
  const [line] = linesOf(files.get('records.jsonl'));
  const record = json(line);
  t.like(record, {
    class_uid: 6003,
    category_uid: 6,
    type_uid: 600_399,
    severity_id: 1,
    status_id: 1,
    metadata: {
      version: '1.8.0',
      profiles: ['ai_operation'],
      event_code: 'DECISION',
      uid: made.decisions[0]?.requestId,
    },
    api: { operation: 'chat' },
    ai_model: { name: 'gpt-x', ai_provider: 'openai' },
    dst_endpoint: { svc_name: 'openai', zone: 'eu' },
  });
  t.is(json(String(record['raw_data']))['seq'], json(linesOf(files.get('leaves.jsonl'))[0])['seq']);
});

test('a hostile manifest is refused, whatever it holds', async (t) => {
  const made = await scene(t, { pairs: 1 });
  const directory = unpack(t, await bundleOf(t, made));
  await fc.assert(
    fc.asyncProperty(fc.json(), async (text) => {
      writeFileSync(path.join(directory, 'manifest.json'), text);
      t.not((await verifyBundle(directory, made.key)).problems.length, 0);
    }),
    { numRuns: 50 },
  );
  const odd = {
    format: 'cordon-export/1',
    origin: 'x',
    records: 1,
    chains: [{ tree: '../x', checkpoint: 7 }, null],
    files: { a: null },
  };
  writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify(odd));
  t.not((await verifyBundle(directory, made.key)).problems.length, 0);
});

test('encrypted to its recipients, opened and verified with openssl, sha256sum and node alone', async (t) => {
  const made = await scene(t);
  const directory = temporary(t);
  const order = await orderOf(t, made);
  const message = await bytesOf(encryptCms(createBundle(made.deps, order), order.request.recipients));
  const files = await filesOf(decryptCmsFor(message, counsel.key));
  t.deepEqual((await verifyBundle(unpack(t, files), made.key)).problems, []);
  const at = (name: string): string => path.join(directory, name);
  writeFileSync(at('e.p7m'), message);
  writeFileSync(at('k.pem'), counsel.keyPem);
  writeFileSync(at('c.pem'), counsel.certificate);
  const opened = openssl(
    t,
    'cms',
    '-decrypt',
    '-binary',
    '-inform',
    'DER',
    '-in',
    at('e.p7m'),
    '-inkey',
    at('k.pem'),
    '-recip',
    at('c.pem'),
    '-out',
    at('e.tar'),
  );
  if (opened === undefined) return;
  t.is(opened.status, 0);
  const box = unpack(t, new Map([['ca.pem', Buffer.from(made.authority)]]));
  t.is(spawnSync('tar', ['xf', at('e.tar'), '-C', directory]).status, 0);
  for (const name of ['e.p7m', 'k.pem', 'c.pem', 'e.tar']) rmSync(at(name));
  const verify = () =>
    openssl(
      t,
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      at('manifest.p7s'),
      '-content',
      at('manifest.json'),
      '-CAfile',
      path.join(box, 'ca.pem'),
      '-out',
      path.join(box, 'out'),
    )?.status;
  t.is(verify(), 0);
  t.is(spawnSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: directory }).status ?? 0, 0);
  t.is(runVerifier(directory, made.key).status, 0);
  edit(directory, 'manifest.json', (text) => text.replace('counsel', 'Counsel'));
  t.not(verify(), 0);
});

test('what was changed in the database is not exported as if it were not', async (t) => {
  const made = await scene(t);
  await asSuperuser(
    made.database,
    `update cordon.records set header = replace(header, '"allow":true', '"allow":false') where seq = 4`,
  );
  await t.throwsAsync(bundleOf(t, made), { name: 'ExportError', message: /record 4 of chain/ });
  await asSuperuser(
    made.database,
    `update cordon.records set leaf = sha256('\\x00'::bytea || convert_to(header, 'UTF8') || coalesce(sha256(context), '')
       || coalesce(sha256(body), '') || coalesce(sha256(findings), '') || coalesce(sha256(response), '')) where seq = 4`,
  );
  await t.throwsAsync(bundleOf(t, made), { name: 'ExportError', message: /not what its checkpoint saw/ });
});

test('no spool is left behind, neither in the end nor after a failure', async (t) => {
  const made = await scene(t);
  const order = await orderOf(t, made);
  await bytesOf(createBundle(made.deps, order));
  const half = createBundle(made.deps, order);
  await half.next();
  await half.return();
  const failing = { ...made.deps, policyFiles: () => Promise.reject(new Error('no')) };
  await t.throwsAsync(bytesOf(createBundle(failing, order)));
  t.throws(() => readFileSync(order.directory), { code: 'ENOENT' });
});

test('verify.mjs stands alone', async (t) => {
  t.is(await main(['here', 'there']), 2);
  t.notRegex(verifierText(), /from ["']\.\.?\//);
  t.throws(() => assembleVerifier("import x from './other.js';", ''));
});

test('a request is refused for what it does not name rightly, and its hash is of all of it', (t) => {
  const good = { query: {}, fields: 'metadata', certificates: counsel.certificate };
  const refused = (changes: object): void => {
    t.throws(() => parseExportRequest('acme', { ...good, ...changes }, Date.now()), {
      code: 'invalid_request',
    });
  };
  for (const query of [
    undefined,
    { tenants: 'x' },
    { types: [] },
    { types: 'DECISION' },
    { fromMs: -1 },
    { toMs: '7' },
    { requestIds: ['x'] },
    { tenant: 'acne' },
  ])
    refused({ query });
  refused({ fields: 'everything' });
  refused({ certificates: 'x' });
  const hashes = [good, { ...good, fields: 'redacted' }, { ...good, query: { fromMs: 1 } }].map((body) =>
    requestHash(parseExportRequest('acme', body, Date.now())),
  );
  t.is(new Set(hashes).size, 3);
  t.is(parseCertificates(good.certificates).length, 1);
});

test('no cell of the CSV is a formula, and a cell survives its quotes', (t) => {
  for (const cell of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\uFF1D1', '\r=1'])
    t.true(csvLine([cell]).startsWith(`"'`), cell);
  t.is(csvLine(['a"b', 'c,d\ne']), '"a""b","c,d\ne"\r\n');
  fc.assert(
    fc.property(fc.string(), (cell) => {
      const inside = csvLine([cell]).slice(1, -3).replaceAll('""', '"');
      t.true(inside === cell || inside === `'${cell}`);
    }),
  );
});
