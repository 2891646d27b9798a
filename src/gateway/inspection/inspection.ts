import { type Revealer, type StreamReveal, type TextReveal } from '../../dialects/dialect.ts';
import { type TextSlot } from '../../domain/call.ts';
import { CordonError } from '../../domain/errors.ts';
import { type AdmitInput, type PolicySnapshot } from '../../domain/policy.ts';
import { type OutputFindings } from '../../domain/record.ts';
import { type DetectRequest, type Detector, type Span } from '../../domain/span.ts';
import { type Protected } from '../../redact/protect.ts';
import { type GatewayDependencies } from '../ports.ts';
import { OutputJudge } from './judge.ts';
import { createOwnValues } from './own-values.ts';
import { type ReadTextOptions, TextReading } from './read-text.ts';
import { type Asked, createListener, createTeller, type Told } from './replay.ts';

/**
 * Handles what a model wrote of its own as policy says, and puts the caller's values back. Reading comes first and
 * sees the answer as the runner gave it, so what stands for the caller's values passes for what it is: a mark of ours.
 */
export interface Inspection {
  /** Reads a whole answer: `visit` shows it, by way of the dialect, to a revealer; the result rewrites it. */
  ofWhole(visit: (revealer: Revealer) => void): Promise<Revealer>;
  ofStream(create: (revealer: Revealer) => StreamReveal): InspectedStream;
  /** What was found so far; undefined when nothing was. */
  found(): OutputFindings | undefined;
}

/** `prepare` reads an event before it is pushed to `reveal`, `prepareEnd` what is held back before its end. */
export interface InspectedStream {
  readonly reveal: StreamReveal;
  readonly prepare: (data: string) => Promise<void>;
  readonly prepareEnd: () => Promise<void>;
}

export interface InspectedCall {
  readonly snapshot: PolicySnapshot;
  readonly input: AdmitInput;
  /** What the caller wrote, in this call and in those that it builds on. */
  readonly said: { readonly slots: readonly TextSlot[]; readonly recalled: readonly string[] };
  readonly safe: Pick<Protected, 'texts' | 'revealer'>;
  readonly signal: AbortSignal;
}

type Dependencies = Pick<
  GatewayDependencies,
  'detector' | 'pseudonym' | 'outputWindowChars' | 'outputEveryWord'
>;

export function createInspection(deps: Dependencies, call: InspectedCall): Inspection {
  const { snapshot, input, said, safe } = call;
  const reading = snapshot.outputReading(input);
  if (reading === 'nothing') return createPassage(safe.revealer);
  const judge = new OutputJudge({
    verdictOn: (entity) => snapshot.handleOutput(input, entity),
    isOwn: createOwnValues([said.slots.map(({ text }) => text), said.recalled, safe.texts]),
    isFalsePositive:
      snapshot.isFalsePositive &&
      ((entity, value) => snapshot.isFalsePositive?.(input.principal.tenant, entity, value) === true),
    revealer: safe.revealer,
    pseudonym: (entity, value) => deps.pseudonym(input.principal.tenant, entity, value),
  });
  const kind = reading === 'all' ? 'prose' : 'structured';
  const reader = new AnswerReader(safe.revealer, judge, {
    reading: reading === 'numbers' && deps.outputEveryWord ? 'structure' : reading,
    windowChars: deps.outputWindowChars,
    detect: (texts) => readParts(deps.detector, kind, texts, call.signal),
    matters: (span, window) => judge.matters(span, window),
  });
  return {
    async ofWhole(visit) {
      const listener = createListener();
      const teller = createTeller();
      visit(listener.revealer);
      teller.tell(await reader.read(listener.take()));
      return teller.revealer;
    },
    ofStream(create) {
      const listener = createListener();
      const teller = createTeller();
      const scout = create(listener.revealer);
      const listenTo = async (visit: () => void): Promise<void> => {
        visit();
        teller.tell(await reader.read(listener.take()));
      };
      return {
        reveal: create(teller.revealer),
        prepare: (data) => listenTo(() => scout.push(data)),
        prepareEnd: () => listenTo(() => scout.end()),
      };
    },
    found: () => judge.found(),
  };
}

/** For answers in which nothing is looked for. */
export function createPassage(revealer: Revealer): Inspection {
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    ofWhole: () => Promise.resolve(revealer),
    ofStream: (create) => ({ reveal: create(revealer), prepare: nothing, prepareEnd: nothing }),
    found: () => undefined,
  };
}

/** A runner that begins more texts in one stream is not answering a question. */
const MAX_TEXTS = 65_536;
/** UTF-16 units that all texts of one stream may hold back together: some sixty that wait for the end of a long span. */
const MAX_HELD_TOGETHER = 1024 * 1024;

/** Reads the texts of one answer in the order in which a dialect asks for them. */
class AnswerReader {
  readonly #revealer: Revealer;
  readonly #judge: OutputJudge;
  readonly #options: Omit<ReadTextOptions, 'judge'>;
  readonly #open = new Map<number, { readonly reading: TextReading; readonly reveal: TextReveal }>();
  #texts = 0;
  #held = 0;

  constructor(revealer: Revealer, judge: OutputJudge, options: Omit<ReadTextOptions, 'judge'>) {
    this.#revealer = revealer;
    this.#judge = judge;
    this.#options = options;
  }

  async read(asked: readonly Asked[]): Promise<readonly Told[]> {
    const told: Told[] = [];
    for (const entry of asked) {
      if (entry.kind === 'open') {
        if (this.#open.size >= MAX_TEXTS) throw tooMuch('too many texts in one stream');
        const reveal = this.#revealer.open(entry.escape);
        this.#open.set(entry.id, { reading: this.#reading(entry.escape), reveal });
      } else told.push({ kind: entry.kind, text: await this.#text(entry) });
    }
    return told;
  }

  async #text(entry: Exclude<Asked, { kind: 'open' }>): Promise<string> {
    if (entry.kind === 'whole') {
      const { text, escape } = entry;
      return text === '' ? '' : this.#revealer.reveal(await this.#reading(escape).whole(text), escape);
    }
    const open = this.#open.get(entry.id);
    if (open === undefined) throw new TypeError('a text goes on that was not begun');
    const before = open.reading.held;
    const read = await (entry.kind === 'push' ? open.reading.push(entry.text) : open.reading.end());
    this.#held += open.reading.held - before;
    if (this.#held > MAX_HELD_TOGETHER) throw tooMuch('too much held back in one stream');
    return open.reveal.push(read) + (entry.kind === 'push' ? '' : open.reveal.flush());
  }

  #reading(escape: 'none' | 'json'): TextReading {
    const text = this.#texts++;
    return new TextReading(escape, { ...this.#options, judge: (part) => this.#judge.judge(text, part) });
  }
}

/**
 * Each part by itself: the detector looks for a name of one text in all texts it is given together, and which parts
 * come together must not matter.
 */
async function readParts(
  detector: Detector,
  kind: DetectRequest['kind'],
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly Span[])[]> {
  const requests = texts.map((text) => ({ text, kind }));
  const batches = kind === 'prose' ? requests.map((request) => [request]) : [requests];
  try {
    const found = (await Promise.all(batches.map((batch) => detector.detect(batch, signal)))).flat();
    if (found.length === texts.length) return found;
  } catch (error) {
    if (error instanceof CordonError) throw error;
    throw unread(error);
  }
  throw unread(undefined);
}

function tooMuch(detail: string): CordonError {
  return new CordonError('upstream_invalid', 'The model runner sent an answer of an unknown shape.', {
    detail,
  });
}

function unread(cause: unknown): CordonError {
  return new CordonError(
    'detector_unavailable',
    'The detector failed; nothing more of the answer is shown.',
    {
      retryAfterS: 1,
      cause,
    },
  );
}
