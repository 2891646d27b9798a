import { type OpaquePart, type TextSlot } from '../domain/call.ts';
import { type CordonError } from '../domain/errors.ts';
import { type KeptName } from '../domain/kept.ts';
import { type Revealer, type TextReveal } from '../domain/reveal.ts';
import { type Shape } from './shape.ts';

export type { Revealer, TextReveal };

export interface ParsedRequest {
  readonly model: string;
  readonly stream: boolean;
  /** Every string that is not structure, in document order; object keys and long numbers included, as `fixed`. */
  readonly slots: readonly TextSlot[];
  /** Number of strings that were structure, and so were not looked at. */
  readonly structural: number;
  /** What nobody can read; it leaves only by a policy's grant. */
  readonly opaque: readonly OpaquePart[];
  /** `json` when the caller asked for a JSON answer: values put back into it must leave it valid JSON. */
  readonly answer: 'text' | 'json';
  /** True when the runner may remember this call for later ones, or earlier ones for this. */
  readonly remembered?: boolean;
  /** What of earlier calls this one names. */
  readonly references?: readonly Reference[];
  /** True when the runner keeps what it answers under an id. */
  readonly keeps?: boolean;
  /** Ids that the caller wrote: an answer that repeats one does not make it the caller's. */
  readonly mentioned?: ReadonlySet<string>;
  /** True when what it names is to be kept no longer, once the runner has said so. */
  readonly forgets?: boolean;
  /** Where the runner serves this, when not at the dialect's own path; unless told, nothing but the path leaves then. */
  readonly target?: {
    readonly method: 'GET' | 'POST' | 'DELETE';
    readonly path: string;
    /** Then the body leaves too. */
    readonly sendsBody?: true;
  };
  /**
   * The request as JSON text with slot i replaced by `texts[i]`; every byte outside a changed slot is as it came.
   * TypeError when the number of texts is wrong or a `fixed` slot would change.
   */
  build(texts: readonly string[]): string;
}

/** An id that a runner gave out earlier. */
export interface Reference extends KeptName {
  readonly pointer: string;
  /** False when the call stands by itself without what the id names: it is then only looked for. */
  readonly needed: boolean;
}

export interface Usage {
  readonly promptTokens: number | undefined;
  readonly completionTokens: number | undefined;
}

export interface StreamReveal {
  /**
   * One upstream SSE event's data in, the data of zero or more events out, in order. The terminator is never among
   * them: the gateway sends it once the completion record is durable. Throws `upstream_invalid` on what is not the
   * dialect's shape.
   */
  push(data: string): readonly string[];
  /** Called when the upstream ended; what was held back, as events. Empty after the terminator was seen. */
  end(): readonly string[];
  /** The event that ends the stream was seen. */
  readonly done: boolean;
  /** Data of that event as the caller is to see it; read only when `done`. */
  readonly terminator: string;
  readonly usage: Usage;
  /** Ids that the event just pushed gives to what the runner keeps. */
  readonly names?: readonly KeptName[];
}

/** One wire format. Knows which strings are text; knows nothing about what is personal in them. */
export interface Dialect {
  /** What policies call it: `chat`. */
  readonly operation: string;
  /**
   * Below /v1 here and below the runner's base URL there, where the request has no target of its own. A part that
   * begins with a colon is a parameter.
   */
  readonly path: string;
  /** For calls without a body: the method, and the parameters of path and query, as a JSON object, are the source. */
  readonly bodiless?: 'GET' | 'POST' | 'DELETE';
  /** The request has an id in its path beside its body: the source is a JSON list of both, as two strings. */
  readonly about?: true;
  /** Which strings of a request are text; read when a request is parsed, and when the API is described. */
  readonly requestShape: Shape;
  /** Throws `invalid_json`, `shape_unknown` or `content_opaque` (param = pointer), `payload_too_large`. */
  parseRequest(source: string): ParsedRequest;
  /** `request` is what was asked: it decides how values are put back. Throws `upstream_invalid`. */
  revealBody(
    source: string,
    revealer: Revealer,
    request: ParsedRequest,
  ): { readonly body: string; readonly usage: Usage; readonly names?: readonly KeptName[] };
  createStreamReveal(revealer: Revealer, request: ParsedRequest): StreamReveal;
  /** Name of the event that carries this data, in dialects whose clients go by it. Never holds a line break. */
  readonly eventName?: (data: string) => string | undefined;
  /** Data of an event that tells the caller of an error, in the dialect's own shape. */
  errorEvent(error: CordonError, requestId: string): string;
}
