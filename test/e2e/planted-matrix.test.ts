import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { type Dialect } from '../../src/dialects/dialect.ts';
import { anthropicCountTokens, anthropicMessages } from '../../src/dialects/anthropic-messages.ts';
import { openaiChat } from '../../src/dialects/openai-chat.ts';
import { openaiCompletions } from '../../src/dialects/openai-completions.ts';
import { openaiEmbeddings } from '../../src/dialects/openai-embeddings.ts';
import { FULL_COUNT, FULL_MESSAGE } from '../dialects/anthropic-requests.ts';
import { FULL_COMPLETION, FULL_EMBEDDING } from '../dialects/openai-surface-requests.ts';
import { FULL_REQUEST } from '../dialects/requests.ts';
import { echoMessage } from '../support/anthropic-upstream.ts';
import { postChat, startTestCordon, temporaryDirectory, type TestCordon } from '../support/cordon.ts';
import {
  type CapturingUpstream,
  chunk,
  completion,
  sendJson,
  startStream,
  startUpstream,
} from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;

/** A Luhn-valid number of its own for each place. */
function card(place: number): string {
  const body = `411111${String(place).padStart(9, '0')}`;
  const sum = Array.from(body).reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return body + String((10 - (sum % 10)) % 10);
}

const KINDS = {
  email: {
    value: (place: number) => `maria.gonzalez${place}@example.com`,
    say: (v: string) => `Mail ${v} today.`,
  },
  card: { value: card, say: (v: string) => `My credit card is ${v}.` },
  person: { value: () => 'Maria Gonzalez', say: (v: string) => `Hello, my name is ${v}.` },
} as const;

/** The reference's fullest request of each dialect, and what its answer says, whether whole or streamed. */
const SURFACES: readonly { readonly dialect: Dialect; readonly full: object; readonly answers: boolean }[] = [
  { dialect: openaiChat, full: FULL_REQUEST, answers: true },
  { dialect: openaiCompletions, full: FULL_COMPLETION, answers: true },
  { dialect: openaiEmbeddings, full: FULL_EMBEDDING, answers: false },
  { dialect: anthropicMessages, full: FULL_MESSAGE, answers: true },
  { dialect: anthropicCountTokens, full: FULL_COUNT, answers: false },
];

test.before(async () => {
  // Every answer says back the whole request, so that each place of it is looked for on both sides.
  upstream = await startUpstream((request, response) => {
    const { stream } = JSON.parse(request.body) as { readonly stream?: boolean };
    if (request.path.startsWith('/v1/messages')) {
      echoMessage(request, response, { size: 11, said: ({ body }) => body });
    } else if (request.path === '/v1/embeddings') {
      sendJson(response, { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [1] }] });
    } else if (request.path === '/v1/completions') {
      const whole = { id: 'x', object: 'text_completion', choices: [{ index: 0, text: request.body }] };
      if (stream !== true) sendJson(response, whole);
      else {
        startStream(response);
        response.end(`data: ${JSON.stringify(whole)}\n\ndata: [DONE]\n\n`);
      }
    } else if (stream === true) {
      startStream(response);
      for (const piece of request.body.match(/[\s\S]{1,11}/gu) ?? [])
        response.write(chunk({ content: piece }));
      response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
    } else sendJson(response, completion({ content: request.body }));
  });
  // The fullest requests name what the runner holds (audio, a container), which needs a grant.
  const [rules = ''] = readFileSync('policies/default.yaml', 'utf8').split('\ncases:');
  const policy = rules.replace('- id: user-demo\n', '- id: user-demo\n    opaque: true\n');
  const directory = temporaryDirectory();
  writeFileSync(path.join(directory, 'policy.yaml'), policy);
  const config = path.join(directory, 'cordon.yaml');
  writeFileSync(config, 'policy: { file: policy.yaml }\n');
  cordon = await startTestCordon({ runnerUrl: upstream.url, env: { CORDON_CONFIG: config } });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

/** What the caller's client would have added up. */
function saidIn(heard: string): string {
  if (!heard.startsWith('data:') && !heard.startsWith('event:')) return textsOf(JSON.parse(heard));
  const events = [...heard.matchAll(/^data: (\{.*\})$/gm)].map(
    ([, data = '']) => JSON.parse(data) as unknown,
  );
  return events.map(textsOf).join('');
}

/** The strings under `text` and `content`, the only ones that these answers say anything in. */
function textsOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, below]) =>
      typeof below === 'string' && (key === 'text' || key === 'content') ? below : textsOf(below),
    )
    .join('');
}

function occurrences(text: string, value: string): number {
  return text.split(value).length - 1;
}

for (const { dialect, full, answers } of SURFACES) {
  for (const [kind, { value, say }] of Object.entries(KINDS)) {
    test.serial(`${dialect.path}: ${kind} in every text at once: none leaves, all come back`, async (t) => {
      const request = dialect.parseRequest(JSON.stringify({ ...full, model: 'demo' }));
      const places = request.slots.flatMap((slot, place) => (slot.kind === 'text' ? [place] : []));
      const planted = request.build(
        request.slots.map((slot, place) => (slot.kind === 'text' ? say(value(place)) : slot.text)),
      );
      t.true(places.length >= 2);
      for (const stream of 'stream' in full ? [false, true] : [undefined]) {
        upstream.received.length = 0;
        const body = { ...(JSON.parse(planted) as object), ...(stream === undefined ? {} : { stream }) };
        const response = await postChat(cordon, token, body, { path: `/v1${dialect.path}` });
        const heard = await response.text();
        t.is(response.status, 200, heard.slice(0, 300));
        t.is(upstream.received.length, 1);
        const wanted = new Map<string, number>();
        for (const place of places) wanted.set(value(place), (wanted.get(value(place)) ?? 0) + 1);
        const left = [...wanted.keys()].filter((planted) => upstream.bytes().includes(planted));
        t.deepEqual(left, [], 'left in clear');
        if (!answers) continue;
        const said = saidIn(heard);
        const lost = [...wanted].filter(([planted, count]) => occurrences(said, planted) !== count);
        t.deepEqual(lost, [], 'not restored');
      }
    });
  }
}
