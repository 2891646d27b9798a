import { setImmediate } from 'node:timers/promises';
import { CordonError, type ErrorCode } from '../domain/errors.ts';
import { type DetectRequest, type Detector, type Span } from '../domain/span.ts';
import { DENY_LIST } from './deny-list.ts';
import { countsWhereFixed, holdsWords } from './fixed.ts';
import { merge } from './merge.ts';
import { type NameIndex, indexNames } from './names.ts';
import { type NerEngine } from './ner/contract.ts';
import { type Recognizer } from './recognizer.ts';
import { pieces, scan } from './scan.ts';
import { SpanCache } from './span-cache.ts';
import { findSpeakers } from './speakers.ts';
import { findStreets } from './streets.ts';
import { createThreshold } from './thresholds.ts';

/** Raised with every change of a rule that can change a result. */
const RECOGNIZERS_VERSION = 5;
const DEFAULT_CACHE_CHARS = 8 * 1024 * 1024;
/** Characters read before other calls get their turn: a few milliseconds of work. */
const SLICE_CHARS = 65_536;
/** What a text costs besides its characters, so that 20 000 empty slots are not one slice. */
const SLOT_CHARS = 64;

export interface DetectorOptions {
  /** Undefined where only what has structure is to be found; a configured engine is never skipped. */
  readonly ner: NerEngine | undefined;
  readonly recognizers: readonly Recognizer[];
  /** At least 16 random bytes, made for this process. */
  readonly cacheKey: Uint8Array;
  readonly cacheMaxChars?: number;
  /** Entity → least score, 0 … 1. */
  readonly thresholds?: Readonly<Record<string, number>>;
  /** Entity → exact texts that are not personal data here: the company's own hotline. */
  readonly allow?: Readonly<Record<string, readonly string[]>>;
  /** What the operator's own rules add to the version that is recorded with each call; nothing without any. */
  readonly rulesVersion?: string;
  readonly timeoutMs: number;
}

/** What a caller may learn; whatever else goes wrong inside is a detector that is not available. */
const PASSED_ON: ReadonlySet<ErrorCode> = new Set(['detector_unavailable', 'client_closed_request']);

/** One distinct text of a call. */
interface Task {
  readonly request: DetectRequest;
  readonly digest: string;
  spans: readonly Span[] | undefined;
}

/** Lets other work run once a slice's worth of characters has been read; throws when the call is over. */
type Breathe = (chars: number) => Promise<void>;

/**
 * Recognisers and model over all texts of a call, merged. A rejected model, a failed recogniser or a passed deadline
 * rejects with `detector_unavailable`: there is no answer with fewer spans.
 */
export function createDetector(options: DetectorOptions): Detector {
  const { ner, recognizers, timeoutMs } = options;
  const cache = new SpanCache(options.cacheKey, options.cacheMaxChars ?? DEFAULT_CACHE_CHARS);
  const accept = createAcceptance(options);

  async function run(requests: readonly DetectRequest[], signal: AbortSignal): Promise<(readonly Span[])[]> {
    const breathe = createBreathe(signal);
    const { tasks, order } = await plan(requests, cache, breathe);
    const open = tasks.filter((task) => task.spans === undefined);
    const worded = open.filter(({ request }) => request.kind === 'prose' || holdsWords(request));
    const [read, structured] = await Promise.all([
      readWithModel(ner, worded, signal),
      findStructured(open, recognizers, breathe),
    ]);
    for (const task of open) {
      const named = read.get(task) ?? [];
      const { text } = task.request;
      const spans = [
        ...(structured.get(task) ?? []),
        ...named,
        ...findSpeakers(text, named),
        ...findStreets(text, named),
      ];
      task.spans = merge(spans.filter((span) => accept(span, task.request)));
      cache.set(task.digest, task.spans, task.request.text.length);
    }
    await extendNames(tasks, cache, breathe, accept);
    return order.map((task) => task.spans ?? []);
  }

  return {
    version: [
      `recognizers@${RECOGNIZERS_VERSION}(${recognizers.map((recognizer) => recognizer.name).join(',')})`,
      ...(options.rulesVersion === undefined ? [] : [options.rulesVersion]),
      ...(ner === undefined ? [] : [ner.version]),
    ].join(' '),
    detect: (requests, signal) => withDeadline(timeoutMs, signal, (inner) => run(requests, inner)),
  };
}

/**
 * Whether a span counts: sure enough, surer where the text cannot be rewritten, and not allowed by name. What the
 * operator denies by name always counts.
 */
function createAcceptance(options: DetectorOptions): (span: Span, request: DetectRequest) => boolean {
  const isSure = createThreshold(options.thresholds);
  const allowed = new Map(
    Object.entries(options.allow ?? {}).map(([entity, texts]) => [entity, new Set(texts)] as const),
  );
  return (span, { text, kind }) =>
    span.recognizer === DENY_LIST ||
    (isSure(span) &&
      (kind !== 'fixed' || countsWhereFixed(span)) &&
      allowed.get(span.entity)?.has(text.slice(span.start, span.end)) !== true);
}

async function plan(
  requests: readonly DetectRequest[],
  cache: SpanCache,
  breathe: Breathe,
): Promise<{ tasks: Task[]; order: Task[] }> {
  const byDigest = new Map<string, Task>();
  const order: Task[] = [];
  for (const request of requests) {
    const digest = cache.digest(request.kind, request.text);
    const task = byDigest.get(digest) ?? { request, digest, spans: cache.get(digest) };
    byDigest.set(digest, task);
    order.push(task);
    await breathe(request.text.length >> 4);
  }
  return { tasks: [...byDigest.values()], order };
}

async function readWithModel(
  ner: NerEngine | undefined,
  tasks: readonly Task[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Task, readonly Span[]>> {
  if (ner === undefined || tasks.length === 0) return new Map();
  const found = await ner.find(
    tasks.map((task) => task.request.text),
    signal,
  );
  return new Map(
    tasks.map((task, i) => {
      const spans = found[i];
      if (spans?.every((span) => isSound(span, task.request.text)) !== true) {
        throw unavailable('The model answered with spans that are not in the text.');
      }
      return [task, spans] as const;
    }),
  );
}

/** A score that is no number would fall below every threshold, and the span would be lost. */
function isSound({ start, end, score }: Span, text: string): boolean {
  const within = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end <= text.length;
  return within && start < end && score >= 0 && score <= 1;
}

async function findStructured(
  tasks: readonly Task[],
  recognizers: readonly Recognizer[],
  breathe: Breathe,
): Promise<ReadonlyMap<Task, readonly Span[]>> {
  const found = new Map<Task, readonly Span[]>();
  for (const task of tasks) {
    found.set(task, await inPieces(task.request.text, breathe, (text) => scan(text, recognizers)));
  }
  return found;
}

async function inPieces(
  text: string,
  breathe: Breathe,
  find: (text: string) => readonly Span[],
): Promise<readonly Span[]> {
  const spans: Span[] = [];
  for (const { text: piece, offset } of pieces(text)) {
    await breathe(piece.length);
    for (const span of find(piece)) {
      spans.push(offset === 0 ? span : { ...span, start: span.start + offset, end: span.end + offset });
    }
  }
  return spans;
}

/** A name found in one text of the call is found again in all the others; cached per text and set of names. */
async function extendNames(
  tasks: readonly Task[],
  cache: SpanCache,
  breathe: Breathe,
  accept: (span: Span, request: DetectRequest) => boolean,
): Promise<void> {
  const prose = tasks.filter((task) => task.request.kind === 'prose');
  const names = indexNames(
    prose.map((task) => task.request.text),
    prose.map((task) => task.spans ?? []),
  );
  if (names === undefined) return;
  const identity = cache.digest('names', names.identity);
  for (const task of prose) {
    const digest = `${task.digest}${identity}`;
    const spans = cache.get(digest) ?? (await withNames(task, names, breathe, accept));
    cache.set(digest, spans, task.request.text.length);
    task.spans = spans;
  }
}

async function withNames(
  task: Task,
  names: NameIndex,
  breathe: Breathe,
  accept: (span: Span, request: DetectRequest) => boolean,
): Promise<readonly Span[]> {
  const spans = task.spans ?? [];
  const again = await inPieces(task.request.text, breathe, (text) => names.find(text));
  const added = notYetFound(again, spans).filter((span) => accept(span, task.request));
  return added.length === 0 ? spans : merge([...spans, ...added]);
}

/**
 * A name is not found a second time where it was found first, nor inside an e-mail address or whatever else is known to
 * be something; only a mere place or organisation may turn out to be a person. `spans` are sorted and disjoint.
 */
function notYetFound(again: readonly Span[], spans: readonly Span[]): Span[] {
  const sorted = [...again].sort((a, b) => a.start - b.start);
  let i = 0;
  return sorted.filter((name) => {
    while ((spans[i]?.end ?? Infinity) <= name.start) i++;
    const known = spans[i];
    const isInside = known !== undefined && known.start <= name.start && name.end <= known.end;
    return !isInside || known.entity === 'LOCATION' || known.entity === 'ORGANIZATION';
  });
}

function createBreathe(signal: AbortSignal): Breathe {
  let read = 0;
  return async (chars) => {
    read += chars + SLOT_CHARS;
    if (read < SLICE_CHARS) return;
    read = 0;
    await setImmediate();
    signal.throwIfAborted();
  };
}

async function withDeadline<T>(
  timeoutMs: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  let refuse: (error: CordonError) => void = () => undefined;
  const over = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  const end = (error: CordonError): void => {
    refuse(error);
    stop.abort(error);
  };
  const leave = (): void => {
    const reason: unknown = caller?.reason;
    end(
      reason instanceof CordonError
        ? reason
        : new CordonError('client_closed_request', 'The caller went away.'),
    );
  };
  const timer = setTimeout(() => {
    end(unavailable('Looking for personal data took too long.'));
  }, timeoutMs);
  caller?.addEventListener('abort', leave, { once: true });
  try {
    if (caller?.aborted === true) leave();
    return await Promise.race([over, work(stop.signal)]);
  } catch (error) {
    // What still runs has nobody to answer.
    stop.abort(error);
    if (error instanceof CordonError && PASSED_ON.has(error.code)) throw error;
    throw unavailable('The detector failed.', error);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener('abort', leave);
  }
}

function unavailable(detail: string, cause?: unknown): CordonError {
  return new CordonError(
    'detector_unavailable',
    'Personal data detection is unavailable; nothing was passed on.',
    {
      detail,
      cause,
    },
  );
}
