import { setMaxListeners } from 'node:events';
import { CordonError } from '../../domain/errors.ts';
import { type Span } from '../../domain/span.ts';
import { createBatcher } from './batch.ts';
import { type NerEngine } from './contract.ts';
import { type Decode } from './decode.ts';
import { type Encoder } from './encoding.ts';
import { type Model } from './model.ts';
import { modelError } from './model-error.ts';
import { sectionsOf, uniteSpans } from './section.ts';
import { planWindows, stitch, type WindowSize } from './window.ts';

export interface EngineParts {
  /** `ner:<model name>@<version>`. */
  readonly version: string;
  readonly encoder: Encoder;
  readonly decode: Decode;
  readonly model: Model;
  readonly window: WindowSize;
  readonly labels: number;
  readonly maxBatchUnits: number;
  /** Texts at work, of all callers; a caller with more texts than GROUP_TEXTS counts for that many. */
  readonly maxQueuedTexts: number;
}

/** Texts of one caller that are at work together, so that one huge call leaves room for the others. */
const GROUP_TEXTS = 64;
/** Characters cut into units before the event loop gets its turn. */
const GROUP_CHARS = 16_384;

export function createNerEngine(parts: EngineParts): NerEngine {
  const { encoder, decode, model, window, labels, maxQueuedTexts } = parts;
  const batcher = createBatcher({
    run: (rows, lane, signal) => model.run(rows, lane, signal),
    isOpen: (lane) => model.isOpen(lane),
    lanes: model.lanes,
    maxBatchUnits: parts.maxBatchUnits,
  });
  let atWork = 0;
  let closing: Promise<void> | undefined;

  const findIn = async (text: string, signal: AbortSignal): Promise<Span[]> => {
    const encoding = encoder.encode(text);
    const units = encoding.starts.length;
    const windows = planWindows(units, window);
    const logits = await Promise.all(
      windows.map(({ from, to }) => batcher.submit({ encoding, from, to }, signal)),
    );
    return decode(text, encoding, stitch(windows, logits, units, labels));
  };

  const findInAll = async (text: string, signal: AbortSignal): Promise<Span[]> => {
    const found: Span[] = [];
    for (const { from, to } of sectionsOf(text)) {
      for (const span of await findIn(text.slice(from, to), signal)) {
        found.push({ ...span, start: span.start + from, end: span.end + from });
      }
    }
    return uniteSpans(found);
  };

  const findGroups = async (texts: readonly string[], signal: AbortSignal): Promise<Span[][]> => {
    const results: Span[][] = [];
    for (const group of groupsOf(texts)) {
      signal.throwIfAborted();
      results.push(...(await Promise.all(group.map((text) => findInAll(text, signal)))));
    }
    return results;
  };

  const find = async (texts: readonly string[], signal?: AbortSignal): Promise<Span[][]> => {
    if (closing !== undefined) throw modelError('the engine is closed');
    if (signal?.aborted === true) throw abandoned(signal);
    const places = Math.min(texts.length, GROUP_TEXTS);
    if (atWork > 0 && atWork + places > maxQueuedTexts) throw modelError('too many texts wait for the model');
    atWork += places;
    const rest = new AbortController();
    // Each batch with a row of this call listens.
    setMaxListeners(0, rest.signal);
    const work = findGroups(texts, rest.signal);
    const leave = (): void => {
      atWork -= places;
    };
    work.then(leave, leave);
    try {
      return await (signal === undefined ? work : unlessAborted(work, signal));
    } catch (error) {
      // The first failure, or the caller's leaving, takes the rest of the call's rows out of the queue.
      const failure = error instanceof CordonError ? error : modelError('reading a text failed', error);
      rest.abort(failure);
      throw failure;
    }
  };

  return {
    version: parts.version,
    provider: model.provider,
    find,
    close: () => (closing ??= batcher.close().then(() => model.close())),
  };
}

/** Up to GROUP_TEXTS texts and GROUP_CHARS characters each, in order. */
function* groupsOf(texts: readonly string[]): Generator<string[]> {
  let group: string[] = [];
  let chars = 0;
  for (const text of texts) {
    if (group.length > 0 && (group.length === GROUP_TEXTS || chars + text.length > GROUP_CHARS)) {
      yield group;
      group = [];
      chars = 0;
    }
    group.push(text);
    chars += text.length;
  }
  if (group.length > 0) yield group;
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(abandoned(signal));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function abandoned({ reason }: AbortSignal): CordonError {
  if (reason instanceof CordonError) return reason;
  return new CordonError('client_closed_request', 'The call was given up before its texts were read.', {
    cause: reason,
  });
}
