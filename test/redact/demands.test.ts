import test from 'ava';
import fc from 'fast-check';
import { openaiChat } from '../../src/dialects/openai-chat.ts';
import { patternForm } from '../../src/redact/declared-forms.ts';
import { Demands } from '../../src/redact/demands.ts';

/** The slots of a call whose tool `send` declares `properties`, with one set of arguments in the history. */
function slotsOf(properties: object, sent: object, extra: object = {}) {
  const fn = { name: 'send', arguments: JSON.stringify(sent) };
  const request = {
    model: 'demo',
    messages: [
      { role: 'assistant', content: null, tool_calls: [{ id: 'c', type: 'function', function: fn }] },
    ],
    tools: [
      { type: 'function', function: { name: 'send', parameters: { type: 'object', properties, ...extra } } },
    ],
  };
  return openaiChat.parseRequest(JSON.stringify(request)).slots;
}

/** Whether the argument becomes invalid when `was` is replaced by `now` everywhere. */
function breaks(slots: ReturnType<typeof slotsOf>, was: string, now: string): boolean {
  const texts = slots.map(({ text, kind }) => (kind === 'text' ? text.replaceAll(was, now) : text));
  return new Demands(slots).broken(texts) !== undefined;
}

test('an argument must keep the format that its schema declares', (t) => {
  for (const [format, was, good] of [
    ['email', 'maria@example.com', 'tel@ost.example'],
    ['uri', 'https://a.example/x', 'https://b.example'],
    ['date', '1987-03-14', '1990-01-01'],
    ['ipv4', '203.0.113.9', '192.0.2.1'],
    ['ipv6', '2001:db8::1', '2001:db8::2'],
    ['phone', '+1 202-555-0143', '+1 312-555-0131'],
  ] as const) {
    const slots = slotsOf({ to: { type: 'string', format } }, { to: was });
    t.true(breaks(slots, was, '<X_1>'), format);
    t.false(breaks(slots, was, good), format);
    t.true(new Demands(slots).on(was)(good));
    t.false(new Demands(slots).on(was)('<X_1>'));
  }
  t.false(breaks(slotsOf({ to: { type: 'string', format: 'color' } }, { to: 'red' }), 'red', '<X_1>'));
  t.false(breaks(slotsOf({ to: { type: 'string', format: 'email' } }, { to: 'Maria' }), 'Maria', '<X_1>'));
  t.false(
    breaks(slotsOf({ to: {}, from: { format: 'email' } }, { to: 'm@x.example' }), 'm@x.example', '<X_1>'),
  );
});

test('patterns are searched for, not anchored, as JSON Schema has it', (t) => {
  const slots = slotsOf(
    { ssn: { type: 'string', pattern: '^\\d{3}-\\d{2}-\\d{4}$' } },
    { ssn: '536-90-4399' },
  );
  t.true(breaks(slots, '536-90-4399', '[US_SSN]'));
  t.false(breaks(slots, '536-90-4399', '982-17-1050'));
  t.false(breaks(slotsOf({ a: { pattern: '[a-z]' } }, { a: 'maria' }), 'maria', '<person_1>'));
});

test('of a pattern that cannot be judged in linear time nothing is promised: the argument counts as broken', (t) => {
  for (const pattern of ['(?=a)maria', '(a)\\1|maria', 'maria{1001}', `maria|${'x'.repeat(1000)}`]) {
    t.true(breaks(slotsOf({ a: { pattern } }, { a: 'maria' }), 'maria', 'telva'), pattern);
    t.false(breaks(slotsOf({ a: { pattern } }, { a: 'maria' }), 'maria', 'maria'), pattern);
  }
});

test('a choice stays one of those declared, whose names are replaced alike', (t) => {
  const slots = slotsOf({ who: { enum: ['Maria', 'Alan'] } }, { who: 'Maria' });
  t.false(breaks(slots, 'Maria', '<PERSON_1>'));
  const at = slots.findIndex(({ pointer, text }) => pointer.includes('arguments#') && text === 'Maria');
  t.truthy(new Demands(slots).broken(slots.map(({ text }, i) => (i === at ? '<PERSON_1>' : text))));
  t.false(breaks(slotsOf({ who: { const: 'Maria G' } }, { who: 'Maria G' }), 'Maria G', 'x'));
});

test('schemas are followed into objects, arrays, alternatives and references', (t) => {
  const email = { type: 'string', format: 'email' };
  const mail = 'maria@example.com';
  for (const [properties, sent, extra] of [
    [{ to: { type: 'array', items: email } }, { to: ['x', mail] }, {}],
    [{ to: { type: 'array', prefixItems: [{}, email] } }, { to: ['x', mail] }, {}],
    [{ to: { type: 'object', properties: { mail: email } } }, { to: { mail } }, {}],
    [{ to: { anyOf: [{ type: 'null' }, email] } }, { to: mail }, {}],
    [{ to: { $ref: '#/$defs/mail' } }, { to: mail }, { $defs: { mail: email } }],
    [
      { to: { $ref: '#/$defs/loop' } },
      { to: mail },
      { $defs: { loop: { allOf: [{ $ref: '#/$defs/loop' }, email] } } },
    ],
    [{}, { to: mail }, { additionalProperties: email }],
    [{ 'a/b~c': email }, { 'a/b~c': mail }, {}],
  ] as const) {
    t.true(breaks(slotsOf(properties, sent, extra), mail, '<X_1>'), JSON.stringify(properties));
  }
  t.false(
    breaks(slotsOf({ __proto__: email }, JSON.parse(`{"__proto__":"${mail}"}`) as object), 'other', '<X_1>'),
  );
});

test('no pattern of a caller takes more than linear time', (t) => {
  for (const pattern of ['^(a+)+$', '^(a|a)*$', '(.*a){20}', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    t.is(typeof patternForm(pattern)('a'.repeat(4000) + '!'), 'boolean', pattern);
  }
  t.is(patternForm('a')('a'.repeat(5000)), undefined);
});

test('any text is a pattern or none, never an exception', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (pattern, text) => {
      t.true([true, false, undefined].includes(patternForm(pattern)(text)));
    }),
  );
});
