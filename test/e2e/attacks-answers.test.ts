import test from 'ava';
import { postChat } from '../support/cordon.ts';
import { HIDDEN } from '../support/hidden-answers.ts';
import { type Hidden, SAID } from '../support/hidden-shapes.ts';
import { everythingHeard, isHeard } from '../support/heard-answer.ts';
import { type InspectedCordon, startInspectedCordon, withOutput } from '../support/inspected-cordon.ts';
import { sendJson, startStream } from '../support/upstream.ts';

let it: InspectedCordon;

test.before(async () => {
  it = await startInspectedCordon();
});

test.after.always(() => it.dispose());

const ASKED: Readonly<Record<Hidden['path'], object>> = {
  '/v1/chat/completions': { messages: [{ role: 'user', content: 'hi' }] },
  '/v1/completions': { prompt: 'hi' },
  '/v1/messages': { messages: [{ role: 'user', content: 'hi' }], max_tokens: 9 },
  '/v1/responses': { input: 'hi' },
};

/** Everything that is heard of this answer. */
async function heardOf({ path, answer }: Hidden): Promise<readonly string[]> {
  const stream = Array.isArray(answer);
  it.upstream.respond((_, response) => {
    if (!Array.isArray(answer)) {
      sendJson(response, answer);
      return;
    }
    startStream(response);
    for (const event of answer as readonly { readonly type?: string }[]) {
      const name = path === '/v1/messages' ? `event: ${event.type}\n` : '';
      response.write(`${name}data: ${JSON.stringify(event)}\n\n`);
    }
    response.end(path.endsWith('completions') ? 'data: [DONE]\n\n' : '');
  });
  const response = await postChat(
    it.cordon,
    await it.cordon.issueDevToken({ subject: 'bob', tenant: 'acme' }),
    { model: 'demo', stream, ...ASKED[path] },
    { path },
  );
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  const events = stream ? [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, data = '']) => data) : [text];
  return everythingHeard(events);
}

test.serial('attack: the reader of these tests hears every value that a runner hides', (t) => {
  for (const [what, { answer, value }] of Object.entries(HIDDEN)) {
    const events = Array.isArray(answer) ? answer : [answer];
    const heard = everythingHeard(events.map((event) => JSON.stringify(event)));
    t.true(isHeard(heard, value), what);
  }
});

for (const [what, hidden] of Object.entries(HIDDEN)) {
  test.serial(`attack: a value that a model made up, hidden in ${what}: is not heard`, async (t) => {
    await it.reset();
    if (hidden.everything === true) it.policy = await withOutput({ entities: ['*'], handling: 'mask' });
    const heard = await heardOf(hidden);
    t.false(isHeard(heard, hidden.value), heard.join('\n'));
    // What stands around it still is.
    t.true(isHeard(heard, SAID), heard.join('\n'));
  });
}
