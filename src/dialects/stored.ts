import { type Dialect, type ParsedRequest, type Reference } from './dialect.ts';
import { parseAlong } from './parsed-request.ts';
import { matching, oneOf, record, type Shape } from './shape.ts';

/**
 * Ids come from runners: any text, so what is no plain id is none of ours; one or two dots would name another place in
 * the runner's API. Looked at like all that a caller sends.
 */
const STORED_ID: Shape = { string: matching(/^(?!\.{1,2}$)[\w.:-]{1,256}$/) };
const COUNT: Shape = { string: matching(/^\d{1,9}$/) };
export const FLAG: Shape = { string: oneOf('true', 'false') };
/** Parameters of a list. */
export const PAGE = {
  after: STORED_ID,
  limit: COUNT,
  order: { string: oneOf('asc', 'desc') },
} satisfies Readonly<Record<string, Shape>>;
export const STARTING_AFTER = COUNT;

export interface StoredCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With `:id` where the id stands. */
  readonly path: string;
  readonly kind: Reference['kind'];
  /** Of the query. */
  readonly parameters: Readonly<Record<string, Shape>>;
  /** Parameters that are ours to obey and not the runner's. */
  readonly own?: ReadonlySet<string>;
  readonly remembered: boolean;
  readonly forgets?: boolean;
}

/** The parameters of path and query as one object. */
export function storedShape({ parameters }: StoredCall): Shape {
  return record({ ...parameters, id: STORED_ID }, ['id']);
}

/**
 * A call without a body, about something that a runner keeps: a JSON object of `id` and the parameters of the query,
 * all of them strings or lists of strings. It is read like a body, so that nothing in it goes unaccounted.
 */
export function parseStored(source: string, call: StoredCall): ParsedRequest & { readonly skip?: number } {
  const given: [string, string][] = [];
  let id = '';
  const parsed = parseAlong(source, storedShape(call), (pointer, value) => {
    const [, name = '', place] = pointer.split('/');
    if (name === 'id') id = String(value);
    else given.push([place === undefined ? name : `${name}[]`, String(value)]);
    return false;
  });
  const sent = given.filter(([name]) => call.own?.has(name) !== true);
  const query = new URLSearchParams(sent).toString();
  const path = `${call.path.replace(':id', encodeURIComponent(id))}${query === '' ? '' : `?${query}`}`;
  const skip = given.find(([name]) => name === 'starting_after')?.[1];
  return {
    ...parsed,
    stream: given.some(([name, value]) => name === 'stream' && value === 'true'),
    references: [{ kind: call.kind, id, pointer: '/id', needed: true }],
    remembered: call.remembered,
    forgets: call.forgets === true,
    target: { method: call.method, path },
    build: () => `${call.method} ${path}`,
    ...(skip === undefined ? {} : { skip: Number(skip) }),
  };
}

/** A call with a body about something that a runner keeps; the source is as `Dialect.about` says. */
export function parseAbout(source: string, call: StoredCall, shape: Shape): ParsedRequest {
  const [id = '', text = ''] = JSON.parse(source) as readonly string[];
  const about = parseStored(JSON.stringify({ id }), call);
  const said = parseAlong(text, shape, () => false);
  return {
    ...about,
    slots: [...said.slots, ...about.slots],
    structural: said.structural + about.structural,
    opaque: said.opaque,
    target: { method: call.method, path: about.target?.path ?? '', sendsBody: true },
    build(texts) {
      if (texts.length !== said.slots.length + about.slots.length) {
        throw new TypeError('build needs one text for each slot');
      }
      return said.build(texts.slice(0, said.slots.length));
    },
  };
}

/** Says that it is gone, in the vendor's words; nothing of what the runner said is passed on. */
export function deletedBody(object: string, request: ParsedRequest): ReturnType<Dialect['revealBody']> {
  const [reference] = request.references ?? [];
  return {
    body: JSON.stringify({ id: reference?.id ?? '', object, deleted: true }),
    usage: { promptTokens: undefined, completionTokens: undefined },
  };
}
