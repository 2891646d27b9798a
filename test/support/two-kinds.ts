import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { echoMessage } from './anthropic-upstream.ts';
import { type TestCordon } from './cordon.ts';
import { startRouted } from './routed.ts';
import { type CapturingUpstream, echoHandler, startUpstream } from './upstream.ts';

/** The product between both vendors' clients and a capturing runner of either kind. */
export interface TwoKinds {
  readonly claude: CapturingUpstream;
  readonly gpt: CapturingUpstream;
  readonly cordon: TestCordon;
  readonly token: string;
  openai(): OpenAI;
  anthropic(): Anthropic;
  /** Forgets what was received; both say back what they hear. */
  reset(): void;
  dispose(): Promise<void>;
}

/** What the last message of a request says. */
export function lastText(request: { readonly body: string }): string {
  const { messages } = JSON.parse(request.body) as { readonly messages: readonly { content: unknown }[] };
  const last = messages.at(-1)?.content;
  return typeof last === 'string' ? last : JSON.stringify(last);
}

export async function startTwoKinds(): Promise<TwoKinds> {
  const claude = await startUpstream();
  const gpt = await startUpstream();
  const cordon = await startRouted(`runners:
  - { id: claude, kind: anthropic, base_url: '${claude.url}', models: ['claude-*'], retry: { first_delay_ms: 5 } }
  - { id: gpt, base_url: '${gpt.url}', models: ['gpt-*'], retry: { first_delay_ms: 5 } }
routes:
  - { models: [either], runners: [{ id: gpt, model: gpt-test }, { id: claude, model: claude-test, priority: 2 }] }
`);
  const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  return {
    claude,
    gpt,
    cordon,
    token,
    openai: () => new OpenAI({ baseURL: `${cordon.url}/v1`, apiKey: token, maxRetries: 0 }),
    anthropic: () => new Anthropic({ baseURL: cordon.url, apiKey: token, authToken: null, maxRetries: 0 }),
    reset(): void {
      for (const upstream of [claude, gpt]) upstream.received.length = 0;
      claude.respond((request, response) => {
        echoMessage(request, response, { said: lastText });
      });
      gpt.respond(echoHandler);
    },
    async dispose(): Promise<void> {
      await cordon.dispose();
      await Promise.all([claude.close(), gpt.close()]);
    },
  };
}
