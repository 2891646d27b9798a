import test from 'ava';
import { errorOf, postChat } from '../support/cordon.ts';
import { type InspectedCordon, startInspectedCordon, withOutput } from '../support/inspected-cordon.ts';
import { PLANTED } from '../support/output-reading.ts';
import { asked, eventsIn, stringsIn, SURFACES } from '../support/output-surfaces.ts';

let it: InspectedCordon;

test.before(async () => {
  it = await startInspectedCordon();
});

test.beforeEach(() => it.reset());

test.after.always(() => it.dispose());

const OWN_CARD = '5105 1051 0510 5100';

test.serial('`block` refuses a whole answer, naming types only, and cuts a stream', async (t) => {
  it.policy = await withOutput(
    { entities: ['*'], handling: 'disclose' },
    { entities: ['US_SSN'], handling: 'block' },
  );
  it.said = () => ({ text: `Quite ordinary words first. Then the SSN ${PLANTED.ssn}. And more after it.` });
  for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/responses']) {
    const ask = SURFACES.find((surface) => surface.path === path)?.ask ?? asked;
    const refused = await postChat(it.cordon, it.token, ask('Tell me'), { path });
    t.is(refused.status, 403);
    const id = refused.headers.get('cordon-request-id') ?? '';
    const { code, message } = await errorOf(refused);
    t.is(code, 'answer_blocked');
    t.regex(message, /US_SSN/);
    t.false(message.includes(PLANTED.ssn));
    t.is((await it.cordon.audit.show(id))?.completion?.data['outcome'], 'policy_cut');

    const cut = await postChat(it.cordon, it.token, { ...ask('Tell me slowly'), stream: true }, { path });
    const heard = await cut.text();
    t.regex(heard, /Quite/);
    t.regex(heard, /answer_blocked/);
    t.false(/And more|\[DONE\]|message_stop|response\.completed/.test(heard));
    t.false(eventsIn(heard).some((event) => JSON.stringify(event).includes(PLANTED.ssn.slice(0, 6))));
    const record = await it.cordon.audit.show(cut.headers.get('cordon-request-id') ?? '');
    t.is(record?.completion?.data['outcome'], 'policy_cut');
    t.is(record?.completion?.data['error'], 'answer_blocked');
  }
});

test.serial('a detector that fails on an answer ends it: nothing further is shown', async (t) => {
  it.detectorFails = (text) => text.includes('536-22');
  it.said = () => ({ text: `Quite ordinary words first. Then the SSN ${PLANTED.ssn}. And more after it.` });
  const refused = await postChat(it.cordon, it.token, asked('Tell me'));
  t.is(refused.status, 503);
  t.is((await errorOf(refused)).code, 'detector_unavailable');
  const cut = await postChat(it.cordon, it.token, { ...asked('Tell me slowly'), stream: true });
  const heard = await cut.text();
  t.regex(heard, /detector_unavailable/);
  t.false(/536|And more|\[DONE\]/.test(heard.replace(/"created":\d+/g, '')));
  const record = await it.cordon.audit.show(cut.headers.get('cordon-request-id') ?? '');
  t.is(record?.completion?.data['error'], 'detector_unavailable');
});

test.serial(
  'a policy that masks names has the model read answers; a stream says what the whole says',
  async (t) => {
    it.policy = await withOutput(
      { entities: ['*'], handling: 'mask' },
      { entities: ['PERSON'], handling: 'pseudonymise' },
    );
    it.said = () => ({
      text: 'My colleague Maria Gonzalez called. Then Robert Miller called. Write to maria.g@example.com, please.',
    });
    const whole = await postChat(it.cordon, it.token, asked('Who called?'));
    const strings = stringsIn(await whole.json());
    const text = strings.find((string) => string.startsWith('My colleague')) ?? '';
    t.regex(text, /^My colleague <PERSON_#[0-9a-f]+> called\. Then <PERSON_#[0-9a-f]+> called\./);
    t.regex(text, /\[EMAIL_ADDRESS\]/);
    t.not(/#([0-9a-f]+)> called\. Then/.exec(text)?.[1], /Then <PERSON_#([0-9a-f]+)/.exec(text)?.[1]);
    for (const pace of ['', ' slowly']) {
      const response = await postChat(it.cordon, it.token, { ...asked(`Who called?${pace}`), stream: true });
      t.is(SURFACES[0]?.text(eventsIn(await response.text())), text);
    }
  },
);

test.serial('a policy that discloses everything leaves answers unread', async (t) => {
  it.policy = await withOutput({ entities: ['*'], handling: 'disclose' });
  it.detectorFails = (text) => text.includes('4111');
  it.said = () => ({ text: `It is ${PLANTED.card}.` });
  const response = await postChat(it.cordon, it.token, asked('Which?'));
  t.true(stringsIn(await response.json()).includes(`It is ${PLANTED.card}.`));
});

test.serial('a forged mark in an answer hides nothing', async (t) => {
  it.said = () => ({
    text: `<CREDIT_CARD_${PLANTED.plainCard}> <CARD_#5500005555555559> [X ${PLANTED.card}]`,
  });
  const response = await postChat(it.cordon, it.token, asked(`My card is ${OWN_CARD}`));
  const body = await response.text();
  t.false(body.includes(PLANTED.plainCard) || body.includes(PLANTED.card), body);
});

test.serial('sixteen answers at once each come through whole', async (t) => {
  it.policy = await withOutput({ entities: ['CREDIT_CARD'], handling: 'mask' });
  it.said = () => ({ text: 'She said that nothing was wrong with it. '.repeat(20) + PLANTED.card });
  const answers = await Promise.all(
    Array.from({ length: 16 }, async (_, i) => {
      const response = await postChat(it.cordon, it.token, { ...asked(`Tell me slowly ${i}`), stream: true });
      return SURFACES[0]?.text(eventsIn(await response.text())) ?? '';
    }),
  );
  for (const text of answers) t.true(text.endsWith('[CREDIT_CARD]'), text.slice(-60));
  t.is(new Set(answers).size, 1);
});
