import { type ParsedRequest, type Reference } from './dialect.ts';
import { parseAlong } from './parsed-request.ts';
import { type Shape } from './shape.ts';

/** What an item of the input says of itself. */
interface Item {
  id?: string;
  type?: string;
  role?: string;
  sealed?: boolean;
}

/** Items that the runner looks up by their id, for they do not hold, or need not hold, what they stand for. */
const LOOKED_UP = new Set(['item_reference', 'reasoning', 'image_generation_call', 'compaction']);

/**
 * A request of the Responses API, with what it names of earlier calls. `kept`: whether the runner keeps the answer
 * when the request does not say.
 */
export function parseReferring(source: string, shape: Shape, kept: boolean): ParsedRequest {
  const items = new Map<string, Item>();
  const references: Reference[] = [];
  const seen = { stored: kept, background: false, sealed: false };
  const parsed = parseAlong(source, shape, (pointer, value) => {
    const [, top = '', place = '', member = '', below] = pointer.split('/');
    if (typeof value === 'string' && CONTAINER_AT.test(pointer)) {
      references.push({ kind: 'container', id: value, pointer, needed: false });
    }
    if (pointer === '/store') seen.stored = value === true;
    else if (pointer === '/background') seen.background = value === true;
    else if (top === 'include') seen.sealed ||= value === 'reasoning.encrypted_content';
    else if (top === 'input' && below === undefined && typeof value === 'string') {
      note(items, place, member, value);
    } else if (typeof value === 'string') {
      const kind = REFERRING.get(pointer);
      if (kind !== undefined) references.push({ kind, id: value, pointer, needed: true });
    }
    return pointer === '/text/format/type' && value !== 'text';
  });
  for (const [place, item] of items) references.push(...referenceOf(place, item));
  const keeps = seen.stored || seen.background;
  const sealed = seen.sealed || [...items.values()].some((item) => item.sealed);
  return {
    ...parsed,
    references,
    mentioned: new Set([
      ...[...items.values()].flatMap(({ id }) => id ?? []),
      ...references.filter(({ kind }) => kind === 'container').map(({ id }) => id),
    ]),
    keeps,
    remembered: keeps || sealed || references.length > 0,
  };
}

/** Code that runs in an earlier call's container sees what that call left there. */
const CONTAINER_AT = /\/container(?:_id)?$/;

/** A conversation is a name of its own: until Cordon serves them, nobody owns one. */
const REFERRING: ReadonlyMap<string, Reference['kind']> = new Map([
  ['/previous_response_id', 'response'],
  ['/conversation', 'conversation'],
  ['/conversation/id', 'conversation'],
]);

function note(items: Map<string, Item>, place: string, member: string, value: string): void {
  const item = items.get(place) ?? {};
  if (member === 'id' || member === 'type' || member === 'role') item[member] = value;
  else if (member === 'encrypted_content') item.sealed ||= value !== '';
  items.set(place, item);
}

/** An item with an id and neither type nor role is a reference too. */
function referenceOf(place: string, { id, type, role, sealed = false }: Item): readonly Reference[] {
  const kind = type ?? (role === undefined ? 'item_reference' : 'message');
  if (id === undefined || !LOOKED_UP.has(kind)) return [];
  return [{ kind: 'item', id, pointer: `/input/${place}/id`, needed: !sealed }];
}
