import test from 'ava';
import { postChat, startTestCordon, type TestCordon, userMessage } from '../support/cordon.ts';
import { DISGUISES, IDENTIFIERS, readsOut } from '../support/disguises.ts';
import { type CapturingUpstream, parseChat, startUpstream } from '../support/upstream.ts';

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;

test.before(async () => {
  upstream = await startUpstream();
  cordon = await startTestCordon({ runnerUrl: upstream.url });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

interface Answer {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
}

test('attack: the reader of these tests reads every disguise', (t) => {
  for (const [disguise, write] of Object.entries(DISGUISES)) {
    for (const [value, say] of Object.values(IDENTIFIERS))
      t.true(readsOut(say(write(value)), value), disguise);
  }
});

for (const [disguise, write] of Object.entries(DISGUISES)) {
  test.serial(
    `attack: ${disguise}: no identifier leaves, and the caller's own spelling comes back`,
    async (t) => {
      for (const [kind, [value, say]] of Object.entries(IDENTIFIERS)) {
        const prompt = say(write(value));
        upstream.received.length = 0;
        const response = await postChat(cordon, token, userMessage(prompt));
        t.is(response.status, 200, kind);
        const [request] = upstream.received;
        const sent = request === undefined ? '' : String(parseChat(request).messages.at(-1)?.content);
        t.false(readsOut(sent, value), `${kind}: ${sent}`);
        const { choices } = (await response.json()) as Answer;
        t.is(choices[0]?.message.content, prompt, kind);
      }
    },
  );
}
