import test from 'ava';
import { NotFoundError, type OpenAI } from 'openai';
import { startTestCordon, type TestCordon } from '../support/cordon.ts';
import { createHandlingPolicy, type HandlingPolicy } from '../support/handling-policy.ts';
import { ENGLISH_PROMPT, plantedIn } from '../support/planted.ts';
import { startStoringUpstream, type StoringUpstream } from '../support/storing-upstream.ts';

let upstream: StoringUpstream;
let cordon: TestCordon;
let policy: HandlingPolicy;
let alice: OpenAI;
let token: string;

test.before(async () => {
  upstream = await startStoringUpstream();
  policy = await createHandlingPolicy({ '*': 'pseudonymise' });
  cordon = await startTestCordon({ runnerUrl: upstream.url, replace: { policy } });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  alice = cordon.client(token);
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

test.serial(
  'a stored chat completion comes back with the caller’s own values, to its owner only',
  async (t) => {
    const bob = cordon.client(await cordon.issueDevToken({ subject: 'bob', tenant: 'acme' }));
    const messages = [{ role: 'user' as const, content: ENGLISH_PROMPT }];
    const made = await alice.chat.completions.create({ model: 'demo', store: true, messages });
    const got = await alice.chat.completions.retrieve(made.id);
    t.is(got.choices[0]?.message.content, ENGLISH_PROMPT);
    const heard = [];
    for await (const message of alice.chat.completions.messages.list(made.id)) heard.push(message.content);
    t.deepEqual(heard, [ENGLISH_PROMPT]);
    await t.throwsAsync(bob.chat.completions.retrieve(made.id), { instanceOf: NotFoundError });
    await t.throwsAsync(bob.chat.completions.delete(made.id), { instanceOf: NotFoundError });
    t.true((await alice.chat.completions.delete(made.id)).deleted);
    await t.throwsAsync(alice.chat.completions.retrieve(made.id), { instanceOf: NotFoundError });
    const unstored = await alice.chat.completions.create({ model: 'demo', messages });
    await t.throwsAsync(alice.chat.completions.retrieve(unstored.id), { instanceOf: NotFoundError });
    t.deepEqual(plantedIn(upstream.bytes()), []);
  },
);

test.serial('a list has the caller’s own completions and nobody else’s, page by page', async (t) => {
  const carol = cordon.client(await cordon.issueDevToken({ subject: 'carol', tenant: 'acme' }));
  const bob = cordon.client(await cordon.issueDevToken({ subject: 'bob', tenant: 'acme' }));
  const make = async (client: OpenAI, who: string, metadata?: Record<string, string>): Promise<string> => {
    const messages = [{ role: 'user' as const, content: `I am ${who}.` }];
    const asked = { model: 'demo', store: true, messages, ...(metadata === undefined ? {} : { metadata }) };
    return (await client.chat.completions.create(asked)).id;
  };
  const hers: string[] = [];
  for (let i = 0; i < 5; i++) {
    hers.push(
      await make(carol, 'Maria Gonzalez', i % 2 === 0 ? { customer: 'maria.gonzalez@example.com' } : {}),
    );
    for (let j = 0; j < 4; j++) await make(bob, 'John Smith');
  }
  const listed = async (query: OpenAI.ChatCompletionListParams): Promise<readonly string[]> => {
    const ids: string[] = [];
    for await (const { id, choices } of carol.chat.completions.list(query)) {
      ids.push(id);
      t.is(choices[0]?.message.content, 'I am Maria Gonzalez.');
    }
    return ids;
  };
  t.deepEqual(await listed({}), hers);
  t.deepEqual(await listed({ limit: 2 }), hers);
  t.deepEqual(await listed({ order: 'desc', limit: 4 }), hers.toReversed());
  t.deepEqual(
    await listed({ metadata: { customer: 'maria.gonzalez@example.com' } }),
    hers.filter((_, i) => i % 2 === 0),
  );
  const stranger = await make(bob, 'John Smith');
  await t.throwsAsync(listed({ after: stranger }), { instanceOf: NotFoundError });
  const page = await carol.chat.completions.list({ limit: 2 });
  t.like(page, { has_more: true });
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

test.serial('the metadata of a stored completion changes for its owner, and leaves protected', async (t) => {
  const bob = cordon.client(await cordon.issueDevToken({ subject: 'bob', tenant: 'acme' }));
  const messages = [{ role: 'user' as const, content: ENGLISH_PROMPT }];
  const { id } = await alice.chat.completions.create({ model: 'demo', store: true, messages });
  const changes = { metadata: { ticket: 'for maria.gonzalez@example.com' } };
  await t.throwsAsync(bob.chat.completions.update(id, changes), { instanceOf: NotFoundError });
  const changed = await alice.chat.completions.update(id, changes);
  t.is(changed.choices[0]?.message.content, ENGLISH_PROMPT);
  const sent = upstream.received.at(-1);
  t.is(sent?.path, `/v1/chat/completions/${id}`);
  t.deepEqual(Object.keys(JSON.parse(sent?.body ?? '') as object), ['metadata']);
  const found = [];
  for await (const completion of alice.chat.completions.list(changes)) found.push(completion.id);
  t.deepEqual(found, [id]);
  const wrong = { metadata: {}, messages: [] };
  await t.throwsAsync(alice.chat.completions.update(id, wrong), { message: /shape/ });
  t.deepEqual(plantedIn(upstream.bytes()), []);
});

test.serial(
  'what was stored within a conversation comes back with its values, with the key and without it',
  async (t) => {
    const inConversation = { headers: { 'Cordon-Conversation': 'ticket-7' } };
    const messages = [{ role: 'user' as const, content: ENGLISH_PROMPT }];
    const body = { model: 'demo', store: true, messages };
    for (const [madeWith, askedWith] of [
      [inConversation, undefined],
      [inConversation, inConversation],
      [undefined, inConversation],
    ]) {
      const made = await alice.chat.completions.create(body, madeWith);
      const got = await alice.chat.completions.retrieve(made.id, askedWith);
      t.is(got.choices[0]?.message.content, ENGLISH_PROMPT);
    }
    t.deepEqual(plantedIn(upstream.bytes()), []);
  },
);

test.serial('a stored answer that has only a piece of a surrogate comes back as it came', async (t) => {
  await policy.handle({ '*': 'surrogate' });
  const messages = [{ role: 'user' as const, content: 'I am Maria Gonzalez. Who am I?' }];
  upstream.saysOfChat = (heard) => `You are ${/I am (\S+)/.exec(heard)?.[1] ?? ''}, I think.`;
  const made = await alice.chat.completions.create({ model: 'demo', store: true, messages });
  t.is(made.choices[0]?.message.content, 'You are Maria, I think.');
  const got = await alice.chat.completions.retrieve(made.id);
  t.is(got.choices[0]?.message.content, 'You are Maria, I think.');
});
