import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { postChat, startTestCordon, userMessage } from '../support/cordon.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, PLANTED } from '../support/planted.ts';
import { startUpstream } from '../support/upstream.ts';

/** Every planted value in each form in which it might stand in a file: as text, as hex, as base64 at each offset. */
function needles(): readonly { readonly name: string; readonly bytes: Buffer }[] {
  return Object.entries(PLANTED).flatMap(([name, value]) => {
    const bytes = Buffer.from(value);
    const base64 = [0, 1, 2].map((shift) => {
      const text = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .replace(/=+$/, '');
      return Buffer.from(text.slice(shift === 0 ? 0 : shift + 1, -1));
    });
    return [bytes, Buffer.from(bytes.toString('hex')), ...base64].map((form) => ({ name, bytes: form }));
  });
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(directory, name))
    .filter((file) => statSync(file).isFile());
}

function find(content: Buffer, where: string): readonly string[] {
  return needles()
    .filter(({ bytes }) => content.includes(bytes))
    .map(({ name }) => `${name} in ${where}`);
}

test('no planted value stands in the raw data directory, the WAL, the logs, the metrics or the errors', async (t) => {
  const upstream = await startUpstream();
  const cordon = await startTestCordon({ runnerUrl: upstream.url });
  const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  const errors: string[] = [];
  for (let round = 0; round < 20; round++) {
    for (const prompt of [ENGLISH_PROMPT, CHINESE_PROMPT]) {
      const answer = await postChat(cordon, token, userMessage(prompt, { stream: round % 2 === 0 }));
      t.is(answer.status, 200);
      await answer.text();
    }
  }
  const key = {
    id: 'c',
    type: 'function',
    function: { name: 'f', arguments: JSON.stringify({ [PLANTED.email]: PLANTED.ssn }) },
  };
  const bad: readonly unknown[] = [
    { model: PLANTED.email, messages: [{ role: 'user', content: 'x' }] },
    { model: 'demo', messages: [{ role: 'tool', tool_call_id: PLANTED.ssn, content: 'x' }] },
    { model: 'demo', messages: [{ role: PLANTED.email, content: 'x' }] },
    { model: 'demo', messages: [{ role: 'user', content: ENGLISH_PROMPT }], [PLANTED.email]: PLANTED.card },
    { model: 'demo', messages: [{ role: 'assistant', content: null, tool_calls: [key] }] },
    `{"model": "demo", "messages": [${ENGLISH_PROMPT}`,
  ];
  for (const body of bad) {
    const answer = await postChat(cordon, token, body);
    t.true(answer.status >= 400, JSON.stringify(body));
    errors.push(await answer.text());
  }
  upstream.respond((request, response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(request.body);
  });
  errors.push(await (await postChat(cordon, token, userMessage(ENGLISH_PROMPT))).text());
  const metrics = await (await fetch(`${cordon.adminUrl}/metrics`)).text();
  const { dataDirectory } = cordon;
  await cordon.stop('test');

  const files = filesBelow(dataDirectory);
  t.true(files.some((file) => file.includes('pg_wal')));
  const found = [
    ...files.flatMap((file) => find(readFileSync(file), path.relative(dataDirectory, file))),
    ...find(Buffer.from(cordon.logs()), 'the log'),
    ...find(Buffer.from(metrics), 'the metrics'),
    ...find(Buffer.from(errors.join('\n')), 'the errors'),
    ...find(Buffer.from(upstream.bytes()), 'what the runner received'),
  ];
  t.deepEqual(found, []);
  await cordon.dispose();
  await upstream.close();
});

test('the search itself finds a planted value in every form', (t) => {
  const text = `x${PLANTED.card}y`;
  for (const form of [
    text,
    Buffer.from(text).toString('hex'),
    Buffer.from(text).toString('base64'),
    Buffer.from(`..${text}`).toString('base64'),
  ]) {
    t.true(find(Buffer.from(form), 'here').includes('card in here'), form);
  }
});
