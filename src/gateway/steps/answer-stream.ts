import { CordonError, toCordonError } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type StreamReveal } from '../../dialects/dialect.ts';
import { type RunnerResponse } from '../../domain/runner.ts';
import { readSse } from '../../runners/sse.ts';
import { type StreamTranslation } from '../../translate/translated.ts';
import { type ProtectedCall } from '../call.ts';
import { type InspectedStream } from '../inspection/inspection.ts';
import { type Answer, type GatewayDependencies } from '../ports.ts';
import { type Ending } from '../trail.ts';
import { endingOf } from './answer-json.ts';
import { type Forwarded, forward } from './forward.ts';
import { checkContentType } from './read-body.ts';

/** Forwards and answers with restored events as they come. Errors before the first event are thrown. */
export async function answerStream(deps: GatewayDependencies, call: ProtectedCall): Promise<Answer> {
  try {
    const forwarded = await forward(deps, call);
    checkContentType(forwarded.response, 'text/event-stream');
    const { policyHash, coverage } = call;
    return { kind: 'events', events: await revealEvents(deps, call, forwarded), policyHash, coverage };
  } catch (error) {
    const failure = toCordonError(error);
    await call.trail.finish(endingOf(failure));
    throw failure;
  }
}

async function revealEvents(
  deps: GatewayDependencies,
  call: ProtectedCall,
  { response: upstream, outbound }: Forwarded,
): Promise<AsyncGenerator<string, void, void>> {
  const inspection = outbound.inspect();
  const { reveal, ...inspected } = inspection.ofStream((revealer) =>
    call.dialect.createStreamReveal(revealer, call.request),
  );
  const heard = createTranscript(LIMITS.recordedResponseChars);
  const finish = (ending: Ending): Promise<void> =>
    call.trail.finish({
      ...ending,
      upstreamStatus: upstream.status,
      ...reveal.usage,
      response: heard.text(),
      output: inspection.found(),
    });
  const finishAborted = (): void => {
    finish(endingOf(abortError(call.signal))).catch(() => {
      deps.observe.auditLost(call.requestId);
    });
  };
  if (call.signal.aborted) finishAborted();
  else call.signal.addEventListener('abort', finishAborted, { once: true });
  const events = pullEvents(call, upstream, {
    runner: outbound.runner.destination.runner,
    translation: outbound.translated?.stream(),
    reveal,
    inspected,
    heard,
    finish,
    finishAborted,
  });
  // A caller may leave before the first event is pulled. A generator that was never begun skips its `finally`, and the
  // call would go without its COMPLETION: so this one is begun, up to its first yield.
  await events.next();
  return events;
}

interface Reading {
  /** The one that answers. */
  readonly runner: string;
  /** Given when the runner streams in another vendor's events than the caller reads. */
  readonly translation: StreamTranslation | undefined;
  readonly reveal: StreamReveal;
  readonly inspected: Omit<InspectedStream, 'reveal'>;
  readonly heard: Transcript;
  readonly finish: (ending: Ending) => Promise<void>;
  readonly finishAborted: () => void;
}

/** One event in flight, behind an empty first one. The terminator is held until the COMPLETION is durable. */
async function* pullEvents(
  call: ProtectedCall,
  upstream: RunnerResponse,
  { runner, translation, reveal, inspected, heard, finish, finishAborted }: Reading,
): AsyncGenerator<string, void, void> {
  try {
    yield '';
    for await (const { data } of readSse(upstream.body, { maxLineBytes: LIMITS.sseLineBytes })) {
      heard.add(data);
      for (const said of translation?.push(data) ?? [data]) {
        await inspected.prepare(said);
        const events = reveal.push(said);
        await call.keep(reveal.names, runner);
        yield* events;
      }
      if (reveal.done) break;
    }
    call.signal.throwIfAborted();
    await inspected.prepareEnd();
    yield* reveal.end();
    // The reader may have taken its time: a call that has ended meanwhile is recorded as such.
    call.signal.throwIfAborted();
    if (!reveal.done) {
      throw new CordonError('upstream_error', 'The model runner ended the stream early.', {
        detail: 'no_terminator',
      });
    }
    await finish({ outcome: 'complete' });
    yield reveal.terminator;
  } catch (error) {
    const problem = await tellableError(finish, toCordonError(error));
    if (problem.code !== 'client_closed_request') yield call.dialect.errorEvent(problem, call.requestId);
  } finally {
    if (!reveal.done) upstream.discard();
    finishAborted();
    call.signal.removeEventListener('abort', finishAborted);
  }
}

/** The error that happened, unless recording it failed, which outranks it. */
async function tellableError(finish: Reading['finish'], failure: CordonError): Promise<CordonError> {
  try {
    await finish(endingOf(failure));
    return failure;
  } catch (error) {
    return toCordonError(error);
  }
}

/** Why the call was aborted; a stream that is closed without an abort was closed by its reader. */
function abortError(signal: AbortSignal): CordonError {
  return signal.reason instanceof CordonError
    ? signal.reason
    : new CordonError('client_closed_request', 'The caller closed the connection.');
}

interface Transcript {
  add(data: string): void;
  text(): string;
}

/** The runner's events as they came, one a line, up to `maxChars`. */
function createTranscript(maxChars: number): Transcript {
  const lines: string[] = [];
  let size = 0;
  return {
    add(data): void {
      if (size >= maxChars) return;
      lines.push(data.slice(0, maxChars - size));
      size += data.length + 1;
    },
    text: () => lines.join('\n'),
  };
}
