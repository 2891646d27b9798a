import { guardLitellm } from '../../gateway/guardrails/litellm.ts';
import { sanitize, sanitizeCredentials } from '../../gateway/guardrails/sanitize.ts';
import {
  CREDENTIALS_REQUEST_SCHEMA,
  SANITIZE_ANSWER_SCHEMA,
  SANITIZE_REQUEST_SCHEMA,
} from '../../guardrails/kong.ts';
import { LITELLM_ANSWER_SCHEMA, LITELLM_REQUEST } from '../../guardrails/litellm.ts';
import { type Route } from '../route-table.ts';
import { asked, type GuardRouteOptions, type GuardrailText, guardRoute, json } from './guardrails.ts';

const LITELLM: GuardrailText = {
  id: 'litellmGuardrail',
  path: '/beta/litellm_basic_guardrail_api',
  tag: 'LiteLLM',
  errors: 'openai',
  takesApiKey: true,
  summary: "LiteLLM's generic guardrail",
  description:
    'Before a call (`input_type: request`) texts, tools and messages come back protected. After it (`response`) the ' +
    'values of the same `litellm_call_id` of the same caller are put back, for ten minutes and in the process that ' +
    'protected them; otherwise the placeholders stay. What the policy blocks, and what cannot be read, is BLOCKED.',
  request: {
    body: { shape: LITELLM_REQUEST },
    examples: {
      request: {
        summary: 'Before a call',
        value: {
          input_type: 'request',
          litellm_call_id: 'call-1',
          texts: ['Write to maria.gonzalez@example.com that the meeting is at noon.'],
          request_data: {},
        },
      },
      response: {
        summary: 'After it',
        value: { input_type: 'response', litellm_call_id: 'call-1', texts: ['Done.'], request_data: {} },
      },
    },
  },
  answer: json('What LiteLLM is to do.', LITELLM_ANSWER_SCHEMA),
};

const KONG = { tag: 'Kong', errors: 'plain' } as const;
const SANITIZED = json('The texts, and what was replaced in them.', SANITIZE_ANSWER_SCHEMA);

const SANITIZE: GuardrailText = {
  ...KONG,
  id: 'kongSanitize',
  path: '/llm/v1/sanitize',
  summary: "What Kong's AI PII sanitizer asks its service",
  description:
    'What the policy discloses is replaced where `anonymize` asks for it; everything else that is found is replaced ' +
    'whether asked for or not. Kong puts values back by itself, from `analyzer_results`.',
  request: asked(SANITIZE_REQUEST_SCHEMA, {
    all: {
      summary: 'Everything, passwords too',
      value: {
        text: [{ msg_id: 1, text: 'Hello, I am Maria Gonzalez, maria.gonzalez@example.com.' }],
        anonymize: ['all_and_credentials'],
        options: { redact_type: 'placeholder' },
      },
    },
  }),
  answer: SANITIZED,
};

const CREDENTIALS: GuardrailText = {
  ...KONG,
  id: 'kongSanitizeCredentials',
  path: '/llm/v1/sanitize_credentials',
  summary: 'The same, asking for passwords and keys',
  request: asked(CREDENTIALS_REQUEST_SCHEMA, {
    one: { summary: 'One text', value: { text: 'The password is hunter2-but-longer!' } },
  }),
  answer: SANITIZED,
};

/** What other gateways ask before they call a model themselves. */
export function gatewayRoutes(options: GuardRouteOptions): readonly Route[] {
  return [
    guardRoute(guardLitellm, LITELLM, options),
    guardRoute(sanitize, SANITIZE, options),
    guardRoute(sanitizeCredentials, CREDENTIALS, options),
  ];
}
