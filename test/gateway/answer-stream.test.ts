import test from 'ava';
import { openaiChat } from '../../src/dialects/openai-chat.ts';
import { type Principal } from '../../src/domain/principal.ts';
import { type ProtectedCall } from '../../src/gateway/call.ts';
import { type GatewayDependencies } from '../../src/gateway/ports.ts';
import { createPassage } from '../../src/gateway/inspection/inspection.ts';
import { answerStream } from '../../src/gateway/steps/answer-stream.ts';
import { type Ending } from '../../src/gateway/trail.ts';
import { protect } from '../../src/redact/protect.ts';

const PRINCIPAL: Principal = {
  issuer: 'https://issuer.example',
  tenant: 'acme',
  subject: 'alice',
  roles: [],
  groups: [],
  client: undefined,
  purposes: [],
  tokenId: undefined,
  expiresAt: 0,
};

interface Watched {
  readonly deps: GatewayDependencies;
  readonly call: ProtectedCall;
  readonly endings: Ending[];
  readonly discarded: () => number;
}

/** A call that was recorded as allowed, with a runner that answers with `events`. */
function watchedCall(signal: AbortSignal, ...events: readonly string[]): Watched {
  const endings: Ending[] = [];
  let discarded = 0;
  const unused = (): never => {
    throw new Error('not part of this step');
  };
  const deps: GatewayDependencies = {
    policy: { current: unused },
    detector: { version: 'none', detect: unused },
    runners: [],
    routes: { plan: unused, serves: unused, names: [] },
    ledger: { begin: unused, finish: unused, note: unused },
    kept: { keep: unused, claim: unused, find: unused, forget: unused },
    quota: { take: unused, spend: unused },
    pseudonym: unused,
    outputWindowChars: 200,
    outputEveryWord: false,
    clock: () => 0,
    observe: {
      stage: () => undefined,
      entitiesFound: unused,
      callFinished: unused,
      attempt: () => undefined,
      auditLost: () => undefined,
      quotaLost: () => undefined,
    },
  };
  const source = '{"model":"demo","stream":true,"messages":[{"role":"user","content":"x"}]}';
  const request = openaiChat.parseRequest(source);
  const body = async function* (): AsyncGenerator<Uint8Array> {
    for (const event of events) yield await Promise.resolve(Buffer.from(`data: ${event}\n\n`));
  };
  const destination = { runner: 'test', trust: 'internal', region: 'x' } as const;
  const safe = protect(
    request.slots,
    request.slots.map(() => []),
    { handlingOf: unused, pseudonym: unused },
  );
  const call: ProtectedCall = {
    requestId: '00000000-0000-7000-8000-000000000000',
    dialect: openaiChat,
    request,
    principal: PRINCIPAL,
    recalled: { runner: undefined, about: undefined, originals: {}, owned: new Set(), builtOn: [] },
    keep: () => Promise.resolve(),
    safe,
    outbounds: [
      {
        method: 'POST',
        path: '/chat/completions',
        betas: [],
        body: source,
        translated: undefined,
        inspect: () => createPassage(safe.revealer),
        runner: {
          destination,
          models: ['*'],
          speaks: ['openai'],
          close: () => Promise.resolve(),
          send: () =>
            Promise.resolve({
              status: 200,
              contentType: 'text/event-stream',
              body: body(),
              discard: () => (discarded += 1),
            }),
        },
      },
    ],
    policyHash: '',
    coverage: { scanned: 0, transformed: [], structural: 0 },
    trail: {
      findings: {},
      begun: true,
      attempted: () => undefined,
      allow: unused,
      deny: unused,
      finish(ending) {
        if (endings.length === 0) endings.push(ending);
        return Promise.resolve();
      },
    },
    signal,
  };
  return { deps, call, endings, discarded: () => discarded };
}

const PIECE = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'demo',
  choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }],
});

async function eventsOf({ deps, call }: Watched): Promise<AsyncGenerator<string, void, void>> {
  const answer = await answerStream(deps, call);
  if (answer.kind !== 'events') throw new Error('not a stream');
  return answer.events;
}

test('a stream that nobody begins to read is recorded, and its runner let go', async (t) => {
  const watched = watchedCall(new AbortController().signal, PIECE, '[DONE]');
  const events = await eventsOf(watched);
  await events.return();
  t.is(watched.endings[0]?.outcome, 'client_abort');
  t.is(watched.discarded(), 1);
});

test('a stream that is closed at any event is recorded', async (t) => {
  for (let read = 1; read <= 3; read++) {
    const watched = watchedCall(new AbortController().signal, PIECE, PIECE, PIECE, '[DONE]');
    const events = await eventsOf(watched);
    for (let i = 0; i < read; i++) await events.next();
    await events.return();
    t.is(watched.endings[0]?.outcome, 'client_abort');
    t.is(watched.discarded(), 1);
  }
});

test('a call whose time is up while its reader dawdles is not told that it completed', async (t) => {
  const controller = new AbortController();
  const watched = watchedCall(controller.signal, PIECE, '[DONE]');
  const events = await eventsOf(watched);
  const heard: string[] = [];
  for await (const event of events) {
    heard.push(event);
    if (heard.length === 1) controller.abort(new Error('time is up'));
  }
  t.false(heard.includes('[DONE]'));
  t.is(watched.endings[0]?.outcome, 'client_abort');
});

test('a stream read to its end is recorded as complete before its terminator', async (t) => {
  const watched = watchedCall(new AbortController().signal, PIECE, '[DONE]');
  for await (const event of await eventsOf(watched)) {
    t.not(event, '');
    if (event === '[DONE]') t.is(watched.endings[0]?.outcome, 'complete');
  }
  t.is(watched.endings[0]?.outcome, 'complete');
  t.is(watched.discarded(), 0);
});
