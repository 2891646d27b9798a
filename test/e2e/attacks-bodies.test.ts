import { gzipSync } from 'node:zlib';
import test from 'ava';
import { errorOf, postChat, startTestCordon, type TestCordon, userMessage } from '../support/cordon.ts';
import { PLANTED } from '../support/planted.ts';
import { type CapturingUpstream, completion, sendJson, startUpstream } from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;

test.before(async () => {
  upstream = await startUpstream((_, response) => {
    sendJson(response, completion({ content: 'ok' }));
  });
  cordon = await startTestCordon({ runnerUrl: upstream.url });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.beforeEach(() => {
  upstream.received.length = 0;
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

const CARD = PLANTED.card;

function say(content: string, more = ''): string {
  return `{"model":"demo","messages":[{"role":"user","content":${JSON.stringify(content)}}]${more}}`;
}

/** A turn in which a tool was called with this JSON. */
function called(args: string): string {
  const calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: args } }];
  const messages = [
    { role: 'user', content: 'go' },
    { role: 'assistant', content: null, tool_calls: calls },
    { role: 'tool', tool_call_id: 'c', content: 'done' },
  ];
  return JSON.stringify({ model: 'demo', messages });
}

const REFUSED: Readonly<Record<string, readonly [string, number]>> = {
  'a body 1,000 deep': [say('x', `,"metadata":${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`), 422],
  'tool results 1,000 deep in a list': [
    `{"model":"demo","messages":${'['.repeat(1000)}${']'.repeat(1000)}}`,
    422,
  ],
  'the same key twice': [
    `{"model":"demo","messages":[],"messages":[{"role":"user","content":"${CARD}"}]}`,
    400,
  ],
  'the same key twice, spelled in two ways': [
    `{"model":"demo","messages":[{"role":"user","content":"x","c\\u006fntent":"${CARD}"}]}`,
    400,
  ],
  'half a character in a text': [
    `{"model":"demo","messages":[{"role":"user","content":"\\ud800 ${CARD}"}]}`,
    400,
  ],
  'half a character in a name': [
    `{"model":"demo","messages":[{"role":"user","content":"x","\\udc00":"${CARD}"}]}`,
    400,
  ],
  'a name __proto__': [say('x', `,"__proto__":{"content":"${CARD}"}`), 422],
  'a name constructor': [say('x', `,"constructor":{"prototype":"${CARD}"}`), 422],
  'a raw control character': [`{"model":"demo","messages":[{"role":"user","content":"\u0000"}]}`, 400],
  'a hundred thousand messages': [
    `{"model":"demo","messages":[${'{"role":"user","content":"x"},'.repeat(99_999)}{"role":"user","content":"${CARD}"}]}`,
    413,
  ],
};

for (const [what, [body, status]] of Object.entries(REFUSED)) {
  test.serial(`attack: ${what}: refused before anything leaves`, async (t) => {
    const response = await postChat(cordon, token, body);
    const error = await errorOf(response);
    t.is(response.status, status, JSON.stringify(error));
    t.false(JSON.stringify(error).includes('4111'));
    t.is(upstream.received.length, 0);
  });
}

for (const [what, args] of Object.entries({
  'the same key twice': `{"to":"x","to":"${CARD}"}`,
  '1,000 levels': `${'{"a":'.repeat(1000)}"${CARD}"${'}'.repeat(1000)}`,
  'half a character': `{"to":"\\ud800 ${CARD}"}`,
  'a name __proto__': `{"__proto__":{"card":"${CARD}"},"constructor":"${CARD}"}`,
  'a NUL byte': `{"to":"\\u0000${CARD}\\u0000"}`,
  'no JSON at all': `to=${CARD}&n="`,
})) {
  test.serial(`attack: tool arguments with ${what}: refused, or sent without the number`, async (t) => {
    const response = await postChat(cordon, token, called(args));
    t.true([200, 400, 422].includes(response.status), `${response.status}`);
    t.false((await response.text()).includes('4111'));
    t.false(upstream.bytes().replace(/\D/g, '').includes('4111111111111111'));
    t.is(upstream.received.length, response.status === 200 ? 1 : 0);
  });
}

test.serial(
  'attack: a text of nine megabytes is read to its end, or refused when the time for that is up',
  async (t) => {
    const content = `${'lorem ipsum '.repeat(780_000)} my card is ${CARD}`;
    const response = await postChat(cordon, token, userMessage(content));
    t.true([200, 503].includes(response.status), await response.text());
    t.false(upstream.bytes().includes(CARD));
    t.is(upstream.received.length, response.status === 200 ? 1 : 0);
  },
);

test.serial('attack: NUL bytes, escaped, neither end a text nor hide what is behind them', async (t) => {
  const response = await postChat(cordon, token, say(`a\u0000b my card is ${CARD}\u0000`));
  t.is(response.status, 200);
  t.false(upstream.bytes().includes(CARD));
  t.true(upstream.received[0]?.body.includes('a\\u0000b'));
});

test.serial('attack: numbers keep every digit', async (t) => {
  const numbers = '"seed":12345678901234567890,"temperature":1.50,"top_p":1E-2';
  const response = await postChat(cordon, token, say(`my card is ${CARD}`, `,${numbers}`));
  t.is(response.status, 200, await response.text());
  t.true(upstream.received[0]?.body.includes(numbers));
});

test.serial('attack: a number beyond every float is kept or refused, never another number', async (t) => {
  const response = await postChat(cordon, token, say('hello', ',"seed":1e400'));
  t.true([200, 400, 422].includes(response.status));
  if (response.status === 200) t.true(upstream.received[0]?.body.includes('"seed":1e400'));
  else t.is(upstream.received.length, 0);
});

test.serial('attack: a byte order mark, UTF-16 and bytes that are no text are refused', async (t) => {
  for (const body of [
    Buffer.from(`\ufeff${say('x')}`),
    Buffer.from(say(CARD), 'utf16le'),
    Buffer.concat([
      Buffer.from('{"model":"demo","messages":[{"role":"user","content":"'),
      Buffer.from([0xc0, 0xaf, 0xed, 0xa0, 0x80]),
      Buffer.from('"}]}'),
    ]),
  ]) {
    const response = await fetch(`${cordon.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: new Uint8Array(body),
    });
    t.is(response.status, 400);
  }
  t.is(upstream.received.length, 0);
});

test.serial('attack: a compressed body, bomb or not, is refused unread', async (t) => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
  for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip', 'identity, gzip']) {
    const response = await fetch(`${cordon.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-encoding': encoding,
        authorization: `Bearer ${token}`,
      },
      body: new Uint8Array(bomb),
    });
    t.is(response.status, 415, encoding);
  }
  t.is(upstream.received.length, 0);
});
