import test from 'ava';
import { NotFoundError, type OpenAI } from 'openai';
import { errorOf, postChat, startTestCordon, type TestCordon } from '../support/cordon.ts';
import { CHINESE_PROMPT, ENGLISH_PROMPT, PLANTED, plantedIn } from '../support/planted.ts';
import { startStoringUpstream, type StoringUpstream } from '../support/storing-upstream.ts';

let upstream: StoringUpstream;
let cordon: TestCordon;
let alice: OpenAI;
let token: string;

test.before(async () => {
  upstream = await startStoringUpstream();
  cordon = await startTestCordon({ runnerUrl: upstream.url });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  alice = cordon.client(token);
});

test.beforeEach(() => {
  upstream.received.length = 0;
  Object.assign(upstream, { pieces: 3, says: undefined, breakAfter: Number.POSITIVE_INFINITY });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

/** Types of the records of all calls of an operation. */
async function recordsOf(operation: string): Promise<readonly string[]> {
  const { items } = await cordon.audit.list({}, 500);
  const records = items.map(({ record }) => record);
  const decisions = records.filter(({ data }) => data['operation'] === operation);
  const ids = new Set(decisions.map(({ id }) => id));
  return records.filter(({ id }) => ids.has(id)).map(({ type }) => type);
}

test.serial('a stored response comes back with the caller’s own values, whole and as a stream', async (t) => {
  for (const input of [ENGLISH_PROMPT, CHINESE_PROMPT]) {
    const made = await alice.responses.create({
      model: 'demo',
      input,
      instructions: `I am ${PLANTED.email}`,
    });
    const got = await alice.responses.retrieve(made.id, { include: ['message.output_text.logprobs'] });
    t.is(got.output_text, input);
    t.is(got.instructions, `I am ${PLANTED.email}`);
    let text = '';
    for await (const event of await alice.responses.retrieve(made.id, { stream: true })) {
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    t.is(text, input);
  }
  t.deepEqual(plantedIn(upstream.bytes()), []);
  t.true(upstream.received.some(({ path }) => path.endsWith('?include%5B%5D=message.output_text.logprobs')));
  const types = await recordsOf('responses.retrieve');
  t.is(types.filter((type) => type === 'DECISION').length, 4);
  t.is(types.filter((type) => type === 'COMPLETION').length, 4);
});

test.serial(
  'a stream goes on after any event as if it had not been left, placeholders cut or not',
  async (t) => {
    for (const pieces of [1, 5, 400]) {
      upstream.pieces = pieces;
      const events: { sequence_number: number }[] = [];
      const made = await alice.responses.create({ model: 'demo', input: ENGLISH_PROMPT, stream: true });
      let id = '';
      for await (const event of made) {
        events.push(event);
        if (event.type === 'response.created') id = event.response.id;
      }
      for (let after = 0; after < events.length - 1; after += 7) {
        const rest = [];
        const stream = await alice.responses.retrieve(id, { stream: true, starting_after: after });
        for await (const event of stream) rest.push(event);
        t.deepEqual(rest, events.slice(after + 1) as typeof rest);
      }
    }
  },
);

test.serial('input items come back with the caller’s own values, page by page', async (t) => {
  const made = await alice.responses.create({ model: 'demo', input: ENGLISH_PROMPT });
  const texts: string[] = [];
  for await (const item of alice.responses.inputItems.list(made.id, { limit: 20, order: 'asc' })) {
    texts.push(JSON.stringify(item));
  }
  t.is(plantedIn(texts.join('')).length, plantedIn(ENGLISH_PROMPT).length);
  t.true(upstream.received.some(({ path }) => path.includes('limit=20') && path.includes('order=asc')));
});

test.serial(
  'a follow-up keeps the placeholders of what the runner stored, and both turns are restored',
  async (t) => {
    const first = await alice.responses.create({ model: 'demo', input: `I am ${PLANTED.email}.` });
    const second = await alice.responses.create({
      model: 'demo',
      previous_response_id: first.id,
      input: `Not bob@example.org but ${PLANTED.email}!`,
    });
    t.is(second.output_text, `I am ${PLANTED.email}. | Not bob@example.org but ${PLANTED.email}!`);
    const third = await alice.responses.create({
      model: 'demo',
      previous_response_id: second.id,
      store: false,
      input: 'And?',
    });
    t.is(third.output_text, `Not bob@example.org but ${PLANTED.email}! | And?`);
    const named = new Set(upstream.bytes().match(/<EMAIL_ADDRESS_[0-9a-f]+>/g));
    t.is(named.size, 2);
    // What the third answer says was found in neither its own request nor the second's response alone.
    t.is((await alice.responses.retrieve(second.id)).output_text, second.output_text);
    t.deepEqual(plantedIn(upstream.bytes()), []);
  },
);

test.serial('a value of the first turn is restored in the tenth', async (t) => {
  let previous: string | undefined;
  for (let turn = 0; turn < 10; turn++) {
    const made = await alice.responses.create({
      model: 'demo',
      input: turn === 0 ? PLANTED.email : `turn ${turn}`,
      ...(previous === undefined ? {} : { previous_response_id: previous }),
    });
    previous = made.id;
    if (turn === 0) upstream.says = /<EMAIL_ADDRESS_[0-9a-f]+>/.exec(upstream.bytes())?.[0];
    else t.is(made.output_text, PLANTED.email);
  }
});

test.serial(
  'a deleted response is gone at the runner and here; later ones still restore its values',
  async (t) => {
    const first = await alice.responses.create({ model: 'demo', input: PLANTED.email });
    const second = await alice.responses.create({
      model: 'demo',
      previous_response_id: first.id,
      input: 'more',
    });
    await alice.responses.delete(first.id);
    t.false(upstream.stored.has(first.id));
    await t.throwsAsync(alice.responses.retrieve(first.id), { instanceOf: NotFoundError });
    t.is((await alice.responses.retrieve(second.id)).output_text, `${PLANTED.email} | more`);
    t.deepEqual((await recordsOf('responses.delete')).toSorted(), ['COMPLETION', 'DECISION']);
  },
);

test.serial('a background response is fetched, streamed and cancelled', async (t) => {
  const queued = await alice.responses.create({ model: 'demo', background: true, input: ENGLISH_PROMPT });
  t.is(queued.status, 'queued');
  t.is((await alice.responses.retrieve(queued.id)).output_text, ENGLISH_PROMPT);
  const cancelled = await alice.responses.cancel(queued.id);
  t.is(cancelled.status, 'cancelled');
  t.true(JSON.stringify(cancelled.output).includes(PLANTED.email));
  t.deepEqual((await recordsOf('responses.cancel')).toSorted(), ['COMPLETION', 'DECISION']);
});

test.serial('a caller that leaves a background stream finds its response with its values', async (t) => {
  const stream = await alice.responses.create({
    model: 'demo',
    background: true,
    stream: true,
    input: ENGLISH_PROMPT,
  });
  let id = '';
  for await (const event of stream) {
    if (event.type === 'response.created') id = event.response.id;
    break;
  }
  t.is((await alice.responses.retrieve(id)).output_text, ENGLISH_PROMPT);
  // A runner that breaks off behind its first event has told the id all the same.
  upstream.breakAfter = 1;
  const broken = await postChat(
    cordon,
    token,
    { model: 'demo', background: true, stream: true, input: ENGLISH_PROMPT },
    { path: '/v1/responses' },
  );
  const [, begun = ''] = /"id":"(resp_[0-9a-f]+)"/.exec(await broken.text()) ?? [];
  t.is((await alice.responses.retrieve(begun)).output_text, ENGLISH_PROMPT);
});

test.serial('what one caller stored does not exist for another, to the letter', async (t) => {
  const made = await alice.responses.create({ model: 'demo', input: ENGLISH_PROMPT });
  const [item] = made.output;
  const others = await Promise.all([
    cordon.issueDevToken({ subject: 'bob', tenant: 'acme' }),
    cordon.issueDevToken({ subject: 'alice', tenant: 'other' }),
  ]);
  upstream.received.length = 0;
  const never = `resp_${'0'.repeat(32)}`;
  for (const other of others) {
    for (const [method, path] of [
      ['GET', '/v1/responses/ID'],
      ['GET', '/v1/responses/ID?stream=true'],
      ['DELETE', '/v1/responses/ID'],
      ['POST', '/v1/responses/ID/cancel'],
      ['GET', '/v1/responses/ID/input_items'],
    ] as const) {
      const answers = await Promise.all(
        [made.id, never].map(async (id) => {
          const response = await fetch(cordon.url + path.replace('ID', id), {
            method,
            headers: { authorization: `Bearer ${other}` },
          });
          return [response.status, { ...(await errorOf(response)), request_id: '' }];
        }),
      );
      t.deepEqual(answers[0], answers[1]);
      t.is(answers[0]?.[0], 404);
    }
    for (const body of [
      { previous_response_id: made.id },
      { conversation: 'conv_1' },
      { conversation: { id: 'conv_1' } },
      { input: [{ type: 'item_reference', id: item?.id }] },
      { input: [{ id: item?.id }] },
      { input: [{ type: 'reasoning', id: item?.id, summary: [] }] },
    ]) {
      const response = await postChat(
        cordon,
        other,
        { model: 'demo', input: 'Hi', ...body },
        { path: '/v1/responses' },
      );
      t.is(response.status, 404, JSON.stringify(body));
    }
  }
  t.is(upstream.received.length, 0);
  t.is((await alice.responses.retrieve(made.id)).output_text, ENGLISH_PROMPT);
});

test.serial('an item of a stored answer may be referred to by its owner', async (t) => {
  const made = await alice.responses.create({ model: 'demo', input: PLANTED.email });
  const id = made.output[0]?.id ?? t.fail();
  upstream.says = /<EMAIL_ADDRESS_[0-9a-f]+>/.exec(upstream.bytes())?.[0];
  const next = await alice.responses.create({ model: 'demo', input: [{ type: 'item_reference', id }] });
  t.is(next.output_text, PLANTED.email);
});

test.serial('an id that the runner gave to two callers is neither’s', async (t) => {
  const bob = cordon.client(await cordon.issueDevToken({ subject: 'bob', tenant: 'acme' }));
  const mine = await alice.responses.create({ model: 'demo', input: PLANTED.email });
  t.is((await alice.responses.retrieve(mine.id)).output_text, PLANTED.email);
  upstream.says = 'x';
  const theirs = await bob.responses.create({ model: 'demo', input: 'x' });
  const stored = upstream.stored.get(mine.id) ?? t.fail();
  // A lying runner: it answers bob with alice's id.
  upstream.stored.set(theirs.id, stored);
  t.is((await bob.responses.retrieve(theirs.id)).id, mine.id);
  await t.throwsAsync(alice.responses.retrieve(mine.id), { instanceOf: NotFoundError });
  await t.throwsAsync(bob.responses.retrieve(mine.id), { instanceOf: NotFoundError });
});

test.serial('store: false leaves nothing to ask for', async (t) => {
  const made = await alice.responses.create({ model: 'demo', store: false, input: ENGLISH_PROMPT });
  upstream.received.length = 0;
  await t.throwsAsync(alice.responses.retrieve(made.id), { instanceOf: NotFoundError });
  t.is(upstream.received.length, 0);
});

test.serial('what the runner has lost is not found, in the same words', async (t) => {
  const made = await alice.responses.create({ model: 'demo', input: 'Hi' });
  upstream.stored.delete(made.id);
  const error = await t.throwsAsync(alice.responses.retrieve(made.id), { instanceOf: NotFoundError });
  t.regex(error.message, /nothing stored under this id/);
});

test.serial('tokens are counted over the protected text, and a conversation is compacted', async (t) => {
  const { input_tokens: count } = await alice.responses.inputTokens.count({
    model: 'demo',
    input: ENGLISH_PROMPT,
  });
  t.true(count > 0);
  const compacted = await alice.responses.compact({ model: 'demo', input: `I am ${PLANTED.email}` });
  const [item] = compacted.output;
  if (item?.type !== 'compaction') return t.fail('no compaction');
  const name = /<EMAIL_ADDRESS_[0-9a-f]+>/.exec(upstream.received.at(-1)?.body ?? '')?.[0];
  // What is sealed in the item comes back in its placeholders.
  upstream.says = `You are ${name}.`;
  const next = await alice.responses.create({
    model: 'demo',
    store: false,
    input: [{ type: 'compaction', id: item.id, encrypted_content: item.encrypted_content }],
  });
  t.is(next.output_text, `You are ${PLANTED.email}.`);
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

test.serial('ids and parameters are checked by shape, and looked at', async (t) => {
  const made = await alice.responses.create({ model: 'demo', input: 'Hi' });
  upstream.received.length = 0;
  for (const [path, status] of [
    ['/v1/responses/a%20b', 422],
    ['/v1/responses/a%2Fb', 422],
    [`/v1/responses/${'a'.repeat(300)}`, 422],
    ['/v1/responses/4111111111111111', 404],
    [`/v1/responses/${made.id}?secret=x`, 422],
    [`/v1/responses/${made.id}?stream=maybe`, 422],
    [`/v1/responses/${made.id}?starting_after=-1`, 422],
    [`/v1/responses/${made.id}?include=unknown`, 422],
    [`/v1/responses/${made.id}?stream=true&stream=false`, 400],
    [`/v1/responses/${made.id}?id=other`, 400],
    [`/v1/responses/${made.id}?__proto__=x`, 422],
    [`/v1/responses/${made.id}/input_items?after=4111111111111111`, 403],
    [`/v1/responses/${made.id}/other`, 501],
  ] as const) {
    const response = await fetch(cordon.url + path, { headers: { authorization: `Bearer ${token}` } });
    t.is(response.status, status, path);
  }
  t.is(upstream.received.length, 0);
  const wrong = await fetch(`${cordon.url}/v1/responses/${made.id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
  });
  t.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'GET, DELETE']);
  const nobody = await fetch(`${cordon.url}/v1/responses/${made.id}`);
  t.is(nobody.status, 401);
});
