import { borrowed, byType, FREE, matching, oneOf, orNull, record, type Shape } from './shape.ts';

export const TEXT: Shape = { string: 'text', null: true };
export const TEXTS: Shape = { array: { string: 'text' }, null: true };
export const PROSE: Shape = { string: 'prose', null: true };
export const NUMBER: Shape = { number: 'fixed', null: true };
export const BOOLEAN: Shape = { boolean: true, null: true };
export const IDENTIFIER: Shape = { string: 'identifier', null: true };
export const FIXED: Shape = { string: 'fixed', null: true };
export const FIXED_LIST: Shape = { array: { string: 'fixed' }, null: true };
/** Credentials, and texts spelled in a way that hides them: refused with their pointer, wherever a string of them stands. */
export const OPAQUE: Shape = {
  string: 'opaque',
  null: true,
  object: {
    keys: new Map(),
    rest: { key: 'fixed', value: { string: 'opaque', null: true, number: 'fixed', boolean: true } },
  },
};

/** Pixels, sound, a file or where one is: it leaves only by a policy's grant. */
export const ATTACHMENT: Shape = { string: 'attachment', null: true };

export const ID: Shape = { string: matching(/^[\w.:-]{1,256}$/), null: true };
export const BORROWED_ID: Shape = { string: borrowed(/^[\w.:-]{1,256}$/), null: true };
export const BORROWED_IDS: Shape = { array: BORROWED_ID, null: true };
/** Names of functions, tools, namespaces and servers: the model calls them by it, so they cannot change. */
export const NAME: Shape = { string: matching(/^[\w.:/-]{1,128}$/), null: true };
export const NAMES: Shape = { array: NAME, null: true };

export function choice(...values: readonly string[]): Shape {
  return { string: oneOf(...values), null: true };
}

export const STATUS = choice(
  ...[
    'in_progress',
    'completed',
    'incomplete',
    'failed',
    'searching',
    'interpreting',
    'generating',
    'calling',
  ],
);
export const CALLERS: Shape = { array: { string: oneOf('direct', 'programmatic') }, null: true };
export const CALLER = orNull(byType({ direct: {}, program: { caller_id: ID } }));
const BREAKPOINT = orNull(record({ mode: choice('explicit') }));
/** They spell a text token by token, where no recogniser sees it whole; an empty list is what clients send back. */
const LOGPROBS: Shape = { array: OPAQUE, null: true };

const ANNOTATION = byType({
  file_citation: { file_id: ID, filename: TEXT, index: NUMBER },
  url_citation: { start_index: NUMBER, end_index: NUMBER, title: TEXT, url: TEXT },
  container_file_citation: {
    container_id: ID,
    file_id: ID,
    filename: TEXT,
    start_index: NUMBER,
    end_index: NUMBER,
  },
  file_path: { file_id: ID, index: NUMBER },
});

const INPUT_PARTS = {
  input_text: { text: PROSE, prompt_cache_breakpoint: BREAKPOINT },
  input_image: {
    image_url: ATTACHMENT,
    file_id: ATTACHMENT,
    detail: FIXED,
    prompt_cache_breakpoint: BREAKPOINT,
  },
  input_file: {
    file_data: { string: 'file', null: true } as Shape,
    file_id: ATTACHMENT,
    file_url: ATTACHMENT,
    filename: TEXT,
    detail: FIXED,
    prompt_cache_breakpoint: BREAKPOINT,
  },
  input_audio: { input_audio: record({ data: ATTACHMENT, format: ID }) },
};

/** A part of what a caller or a tool says. */
export const INPUT_PART = byType(INPUT_PARTS);

/** A part of a message of either side. `parsed` is what the vendor's client adds to an answer it hands back. */
export const MESSAGE_PART = byType({
  ...INPUT_PARTS,
  output_text: {
    text: PROSE,
    annotations: { array: ANNOTATION, null: true },
    logprobs: LOGPROBS,
    parsed: FREE,
  },
  refusal: { refusal: TEXT },
});
