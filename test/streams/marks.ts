import { type Dialect, type ParsedRequest, type Revealer } from '../../src/dialects/dialect.ts';
import { type Span } from '../../src/domain/span.ts';
import { protect, type Protected } from '../../src/redact/protect.ts';
import { createRevealer } from '../../src/redact/revealer.ts';
import { detect } from '../detect/find.ts';
import { FORGED, MAIL, TRICK, ZOE } from '../dialects/recorded-streams.ts';
import { pseudonym, spansOf } from '../redact/calls.ts';
import { PLANTED } from '../support/planted.ts';

/** What each mark of the recorded streams stands for; `P1j` is the first name inside a string of JSON source. */
export const VALUES: Readonly<Record<string, string>> = {
  P1: ZOE,
  P1j: JSON.stringify(ZOE).slice(1, -1),
  P2: TRICK,
  P3: PLANTED.cnPerson,
  MAIL,
  CARD: PLANTED.card,
  IBAN: PLANTED.iban,
  SSN: PLANTED.ssn,
  CNID: PLANTED.cnId,
  FORGED,
};

/** Values whose check digits tell them from any other text. */
export const CHECKSUMMED = [PLANTED.card, PLANTED.iban, PLANTED.ssn, PLANTED.cnId];

/** Every mark of the call, as no restored text may still say it. */
export const MARK = /\b(?:PERSON_[123]|(?:EMAIL_ADDRESS|CREDIT_CARD|IBAN_CODE|US_SSN|CN_RESIDENT_ID)_1)\b/;

const PERSONS = [ZOE, TRICK, PLANTED.cnPerson].map((value) => ({ value, entity: 'PERSON' }));
const PROMPT =
  `I am ${ZOE}, with ${TRICK} and ${PLANTED.cnPerson}; mail ${MAIL}, as ${FORGED} said. My credit card is ${PLANTED.card}, ` +
  `my IBAN ${PLANTED.iban}, my social security number ${PLANTED.ssn}, 身份证号${PLANTED.cnId}。`;

/** `answer`: whether the caller asked for JSON. */
export function requestTo(dialect: Dialect, answer: 'text' | 'json'): ParsedRequest {
  const json = answer === 'json';
  const said = { role: 'user', content: PROMPT };
  const schema = { type: 'object', properties: {} };
  const bodies: Readonly<Record<string, object>> = {
    '/chat/completions': {
      messages: [said],
      ...(json ? { response_format: { type: 'json_object' } } : {}),
    },
    '/completions': { prompt: PROMPT },
    '/responses': { input: PROMPT, ...(json ? { text: { format: { type: 'json_object' } } } : {}) },
    '/messages': {
      messages: [said],
      max_tokens: 99,
      ...(json ? { output_config: { format: { type: 'json_schema', schema } } } : {}),
    },
  };
  return dialect.parseRequest(JSON.stringify({ model: 'm', stream: true, ...bodies[dialect.path] }));
}

/** Names come from a list here; all else is found by the recognisers that the product has. */
function spansIn(text: string): readonly Span[] {
  const persons = spansOf(text, PERSONS);
  const others = detect(text).filter(({ entity, start, end }) => {
    return entity !== 'PERSON' && persons.every((person) => end <= person.start || start >= person.end);
  });
  return [...persons, ...others].sort((a, b) => a.start - b.start);
}

export function protectedCall(request: ParsedRequest): Protected {
  const spans = request.slots.map(({ text, kind }) => (kind === 'text' ? spansIn(text) : []));
  return protect(request.slots, spans, { handlingOf: () => 'pseudonymise', pseudonym });
}

export const SURROGATES: ReadonlyMap<string, string> = new Map([
  ['Elvorin Sandoval', PLANTED.person],
  ['Elvorin', 'Maria'],
  ['elvorin.s@kestrel.example', PLANTED.email],
  ['4000 0012 3456 7899', PLANTED.card],
  ['蔺昶', PLANTED.cnPerson],
]);

/** A call with surrogates, and two names for which there were none. */
export function surrogateRevealer(): Revealer {
  const placeholders = new Map([
    ['PERSON_1', ZOE],
    ['PERSON_2', TRICK],
  ]);
  return createRevealer(placeholders, ['PERSON'], 'number', SURROGATES);
}
