import test from 'ava';
import { openaiResponses } from '../../src/dialects/openai-responses.ts';
import { recordedRevealer, TRICK } from './recorded-streams.ts';
import { asked, parsed } from './responses-requests.ts';
import { eventsSaying } from './responses-saying.ts';

const SAID = '<PERSON_2> PERSON_2';
const MEANT = `${TRICK} ${TRICK}`;
const PLACE = { sequence_number: 7, item_id: 'PERSON_1', output_index: 0 };
const MEANT_EVENTS = new Map(Object.entries(eventsSaying(MEANT)));

for (const [type, members] of Object.entries({
  ...eventsSaying(SAID),
  'response.new.thing': { x: [SAID] },
})) {
  test(`${type}: what it says is restored, and its name is its type`, (t) => {
    const data = JSON.stringify({ type, ...PLACE, ...members });
    const reveal = openaiResponses.createStreamReveal(recordedRevealer(), parsed(asked({ stream: true })));
    const out = [...reveal.push(data), ...reveal.end()];
    if (reveal.done) out.push(reveal.terminator);
    const wanted = { type, ...PLACE, ...(MEANT_EVENTS.get(type) ?? { x: [MEANT] }) };
    const [first = '', held] = out;
    if (held === undefined) t.deepEqual(JSON.parse(first), wanted);
    else {
      const delta = out.map((event) => (JSON.parse(event) as { delta: string }).delta).join('');
      t.deepEqual({ ...(JSON.parse(first) as object), delta }, wanted);
    }
    t.is(openaiResponses.eventName?.(first), type);
  });
}
