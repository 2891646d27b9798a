import { DENY_LIST } from '../../detect/deny-list.ts';
import { CordonError } from '../../domain/errors.ts';
import { type Handling } from '../../domain/handling.ts';
import { type HandlingVerdict } from '../../domain/policy.ts';
import { type OutputFindings, type OutputSpan } from '../../domain/record.ts';
import { type Revealer } from '../../domain/reveal.ts';
import { type Span } from '../../domain/span.ts';
import { hashMark } from '../../redact/placeholder.ts';
import { type OwnValues } from './own-values.ts';
import { type Part, type Replacement } from './read-text.ts';

export interface JudgeOptions {
  readonly verdictOn: (entity: string) => HandlingVerdict;
  readonly isOwn: OwnValues;
  /** What two people agreed is no such entity. */
  readonly isFalsePositive?: ((entity: string, value: string) => boolean) | undefined;
  /** Of this call: what it restores is the caller's. */
  readonly revealer: Revealer;
  /** Keyed hash of a value, as short hex. */
  readonly pseudonym: (entity: string, value: string) => string;
}

/** As many places as a record names. */
const MAX_SPANS = 100;
/** As many findings as are told apart; beyond, a text that is repeated counts again. */
const MAX_SEEN = 20_000;
/** What a placeholder or another mark of ours looks like, in the spellings of models. */
const BRACKETED =
  /(?:<|&lt;|&#60;|&#x3c;|\\u003c)[A-Z][\w #-]{1,96}?(?:>|&gt;|&#62;|&#x3e;|\\u003e)|\[[A-Z][A-Z0-9_]{0,63}(?: [^\]\n]{1,24})?\]/gi;
const BARE = /(?<![\w$])[A-Z][A-Z0-9_]{0,63}_[0-9a-f]{1,12}(?![\w$])/gi;
const OPENER = /^(?:<|&lt;|&#60;|&#x3c;|\\u003c|\[)/i;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/** Decides what becomes of each span of an answer, and keeps count. One for each call. */
export class OutputJudge {
  readonly #options: JudgeOptions;
  readonly #verdicts = new Map<string, HandlingVerdict>();
  readonly #counts = new Map<string, Map<Handling, number>>();
  readonly #seen = new Set<string>();
  readonly #spans: OutputSpan[] = [];
  readonly #ruleIds = new Set<string>();

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  matters(span: Span, window: string): boolean {
    const value = window.slice(span.start, span.end);
    return this.#verdict(span.entity).handling !== 'disclose' && !this.#isNone(span, value);
  }

  /** The caller's own, or none at all. */
  #isNone({ entity, recognizer }: Span, value: string): boolean {
    if (this.#options.isOwn(value)) return true;
    return recognizer !== DENY_LIST && this.#options.isFalsePositive?.(entity, value) === true;
  }

  /** Throws `answer_blocked`. `text` numbers the text that the part is of. */
  judge(text: number, part: Part): readonly Replacement[] {
    if (part.spans.length === 0) return [];
    const marks = this.#ownMarks(part.window);
    const replacements: Replacement[] = [];
    const blocked = new Set<string>();
    for (const span of part.spans) {
      const value = part.window.slice(span.start, span.end);
      const pieces = outside(span, marks).filter(({ start, end }) =>
        SAYS_SOMETHING.test(part.window.slice(start, end)),
      );
      if (pieces.length === 0 || this.#isNone(span, value)) continue;
      const { handling, ruleId } = this.#verdict(span.entity);
      this.#note(text, part, span, handling, ruleId, value);
      if (handling === 'block') blocked.add(span.entity);
      if (handling === 'disclose') continue;
      const { entity } = span;
      const instead =
        handling === 'pseudonymise'
          ? hashMark(entity, this.#options.pseudonym(entity, value))
          : `[${entity}]`;
      replacements.push(...pieces.map(({ start, end }) => ({ start, end, text: instead })));
    }
    if (blocked.size > 0) {
      const named = [...blocked].sort().join(', ');
      throw new CordonError('answer_blocked', `The policy blocks what the model wrote: ${named}.`, {
        detail: named,
      });
    }
    return replacements;
  }

  /** Undefined while there is nothing to tell. */
  found(): OutputFindings | undefined {
    if (this.#counts.size === 0) return undefined;
    return {
      counts: Object.fromEntries([...this.#counts].map(([entity, by]) => [entity, Object.fromEntries(by)])),
      spans: [...this.#spans],
      ruleIds: [...this.#ruleIds],
    };
  }

  #verdict(entity: string): HandlingVerdict {
    const known = this.#verdicts.get(entity);
    if (known !== undefined) return known;
    const verdict = this.#options.verdictOn(entity);
    this.#verdicts.set(entity, verdict);
    return verdict;
  }

  /** Where marks stand that this call made: a forged one is text like any other. */
  #ownMarks(window: string): readonly Extent[] {
    return [BRACKETED, BARE]
      .flatMap((pattern) => [...window.matchAll(pattern)])
      .map(({ index, 0: mark }) => ({ start: index, end: index + mark.length, mark }))
      .filter(({ mark }) => this.#isRestored(mark) || this.#options.isOwn(mark))
      .sort((a, b) => a.start - b.start);
  }

  /** Whether a value stands for all of it: in `<PERSON_1 4111…>` only the name is ours, and the brackets stay. */
  #isRestored(mark: string): boolean {
    const restored = this.#options.revealer.reveal(mark, 'none');
    const opener = OPENER.exec(mark)?.[0];
    return restored !== mark && (opener === undefined || !restored.startsWith(opener));
  }

  /** A stream says many texts twice, in pieces and then whole; what stands at one place of both is one finding. */
  #note(text: number, part: Part, span: Span, handling: Handling, ruleId: string, value: string): void {
    const { entity, recognizer } = span;
    const start = part.offset + span.start;
    const end = part.offset + span.end;
    const key = `${entity} ${start} ${value}`;
    if (this.#seen.has(key)) return;
    if (this.#seen.size < MAX_SEEN) this.#seen.add(key);
    const counts = this.#counts.get(entity) ?? new Map<Handling, number>();
    counts.set(handling, (counts.get(handling) ?? 0) + 1);
    this.#counts.set(entity, counts);
    this.#ruleIds.add(ruleId);
    if (this.#spans.length < MAX_SPANS) this.#spans.push({ text, start, end, entity, handling, recognizer });
  }
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

/** What of a span lies outside these extents. */
function outside({ start, end }: Span, extents: readonly Extent[]): readonly Extent[] {
  const pieces: Extent[] = [];
  let at = start;
  for (const extent of extents) {
    if (extent.end <= at || extent.start >= end) continue;
    if (extent.start > at) pieces.push({ start: at, end: extent.start });
    at = Math.max(at, extent.end);
  }
  if (at < end) pieces.push({ start: at, end });
  return pieces;
}
