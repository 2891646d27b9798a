import { analyze } from '../../gateway/guardrails/analyze.ts';
import { anonymize, deanonymize } from '../../gateway/guardrails/anonymize.ts';
import {
  listAnonymizers,
  listDeanonymizers,
  listEntities,
  listRecognizers,
} from '../../gateway/guardrails/catalogue.ts';
import { ANALYZE_ANSWER_SCHEMA, ANALYZE_REQUEST_SCHEMA } from '../../guardrails/presidio-analyze.ts';
import {
  ANONYMIZE_ANSWER_SCHEMA,
  ANONYMIZE_REQUEST_SCHEMA,
  DEANONYMIZE_REQUEST_SCHEMA,
} from '../../guardrails/presidio-anonymize.ts';
import { type Parameter, type Route } from '../route-table.ts';
import { asked, type GuardRouteOptions, type GuardrailText, guardRoute, json } from './guardrails.ts';

const PRESIDIO = { tag: 'Presidio', errors: 'plain' } as const;
const NAMES = { type: 'array', items: { type: 'string' } };
const LANGUAGE: Parameter = {
  name: 'language',
  in: 'query',
  description: 'Taken and without effect: Cordon reads every language alike.',
  example: 'en',
};
const PERSON = { start: 12, end: 26, score: 0.85, entity_type: 'PERSON' };
const GREETING = 'Hello, I am Maria Gonzalez.';

const ANALYZE: GuardrailText = {
  ...PRESIDIO,
  id: 'presidioAnalyze',
  path: '/analyze',
  summary: 'Where personal data stands in a text',
  description:
    'As Presidio Analyzer. Types, places and counts are recorded; the texts are not, for they go nowhere.',
  request: asked(ANALYZE_REQUEST_SCHEMA, {
    one: {
      summary: 'One text',
      value: { text: 'Mail me at maria.gonzalez@example.com', language: 'en' },
    },
    several: {
      summary: 'Several texts, some entities',
      value: {
        text: ['call +1 202-555-0143', '我的手机号是13800138000'],
        language: 'zh',
        entities: ['PHONE_NUMBER', 'CN_MOBILE'],
        score_threshold: 0.5,
        return_decision_process: true,
      },
    },
  }),
  answer: json('What was found, the surest first; a list of lists for several texts.', ANALYZE_ANSWER_SCHEMA),
};

const ANONYMIZE: GuardrailText = {
  ...PRESIDIO,
  id: 'presidioAnonymize',
  path: '/anonymize',
  summary: 'A text with what was found in it replaced',
  description:
    'As Presidio Anonymizer: the caller says what stands where and what is to be done to it; Cordon does not look for ' +
    'more. Recorded are the entities, their places and the operators, and no text. An entity that the policy blocks ' +
    'refuses the call.',
  request: asked(ANONYMIZE_REQUEST_SCHEMA, {
    replace: {
      summary: 'By the name of the entity',
      value: { text: GREETING, analyzer_results: [PERSON] },
    },
    mask: {
      summary: 'Masked in part',
      value: {
        text: GREETING,
        anonymizers: {
          PERSON: { type: 'mask', masking_char: '*', chars_to_mask: 8, from_end: true },
          DEFAULT: { type: 'redact' },
        },
        analyzer_results: [PERSON],
      },
    },
  }),
  answer: json('The text, and what was put where; the last place first.', ANONYMIZE_ANSWER_SCHEMA),
};

const DEANONYMIZE: GuardrailText = {
  ...PRESIDIO,
  id: 'presidioDeanonymize',
  path: '/deanonymize',
  summary: 'What was encrypted, decrypted with the same key',
  request: asked(DEANONYMIZE_REQUEST_SCHEMA, {
    decrypt: {
      summary: "The example of Presidio's own documentation",
      value: {
        text: 'My name is S184CMt9Drj7QaKQ21JTrpYzghnboTF9pn_neN8JME0=',
        deanonymizers: { PERSON: { type: 'decrypt', key: 'WmZq4t7w!z%C&F)J' } },
        anonymizer_results: [{ start: 11, end: 55, entity_type: 'PERSON' }],
      },
    },
  }),
  answer: json('The text, and what was put where; the last place first.', ANONYMIZE_ANSWER_SCHEMA),
};

function listing(
  id: string,
  path: string,
  summary: string,
  parameters: readonly Parameter[] = [],
): GuardrailText {
  return { ...PRESIDIO, id, path, summary, parameters, answer: json('Names.', NAMES) };
}

const RECOGNIZERS = listing('presidioRecognizers', '/recognizers', 'What finds personal data', [LANGUAGE]);
const ENTITIES = listing('presidioEntities', '/supportedentities', 'What is found', [LANGUAGE]);
const ANONYMIZERS = listing('presidioAnonymizers', '/anonymizers', 'What /anonymize can do');
const DEANONYMIZERS = listing('presidioDeanonymizers', '/deanonymizers', 'What /deanonymize can do');

/** The REST API of Presidio's analyzer and anonymizer, at the paths of both. */
export function presidioRoutes(options: GuardRouteOptions): readonly Route[] {
  return [
    guardRoute(analyze, ANALYZE, options),
    guardRoute(listRecognizers, RECOGNIZERS, options),
    guardRoute(listEntities, ENTITIES, options),
    guardRoute(anonymize, ANONYMIZE, options),
    guardRoute(listAnonymizers, ANONYMIZERS, options),
    guardRoute(deanonymize, DEANONYMIZE, options),
    guardRoute(listDeanonymizers, DEANONYMIZERS, options),
    {
      ...PRESIDIO,
      id: 'presidioHealth',
      method: 'GET',
      path: '/health',
      access: 'open',
      summary: 'Alive, as Presidio says it',
      answers: {
        200: { description: 'It is.', content: { 'text/plain': { type: 'string' } } },
      },
      refusals: ['method_not_allowed'],
      handle: (ctx) => {
        ctx.type = 'text/plain';
        ctx.body = 'Presidio Analyzer service is up';
      },
    },
  ];
}
