import { type Handling } from './handling.ts';

/**
 * One string of a request, at its place. The dialect declares which strings are structure; all others become slots,
 * and every slot is inspected.
 */
export interface TextSlot {
  /** RFC 6901; a string inside JSON-in-a-string continues after `#`: `/messages/2/tool_calls/0/function/arguments#/to`. */
  readonly pointer: string;
  readonly text: string;
  /**
   * `text`: rewritten as its spans require. `fixed`: an object key or a number; it cannot be rewritten, so a sure
   * span in it blocks the call. `identifier`: an application-chosen id of a person (`user`, `metadata` …), replaced
   * whole by a keyed pseudonym.
   */
  readonly kind: 'text' | 'fixed' | 'identifier';
}

/** A part of a request that nobody can read: an image, a recording, a file. */
export interface OpaquePart {
  readonly pointer: string;
  readonly bytes: number;
  /** Of the decoded bytes where they came as base64, else of the string; hex. */
  readonly sha256: string;
}

/** What was looked at, by pointer; goes into the record with each call. Each string counts once. */
export interface CoverageManifest {
  readonly scanned: number;
  readonly transformed: readonly string[];
  readonly structural: number;
  /** What the policy let pass unread. */
  readonly opaque?: readonly OpaquePart[];
}

/** A span with its place in the request, as recorded and as used in explanations. Never the text. */
export interface LocatedSpan {
  readonly pointer: string;
  readonly start: number;
  readonly end: number;
  readonly entity: string;
  readonly score: number;
  readonly recognizer: string;
  /** What the policy asked for and, once the call was protected, what was done: not all values have a surrogate. */
  readonly handling?: Handling | undefined;
}
