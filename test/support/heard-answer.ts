type Json = Readonly<Record<string, unknown>>;

/** By which clients know what a piece goes on, and which says nothing of its own. */
const NAMES = new Set(['index', 'type', 'item_id', 'output_index', 'content_index', 'summary_index']);

/**
 * What somebody hears who adds up everything that an answer says, however a client would do it: the strings, numbers
 * and names at each place, of one event or of all together. Strings that are JSON are read on.
 */
export function everythingHeard(events: readonly string[]): readonly string[] {
  const places = new Map<string, string>();
  const add = (place: string, text: string): void => {
    places.set(place, (places.get(place) ?? '') + text);
  };
  const walk = (value: unknown, place: string): void => {
    if (Array.isArray(value)) for (const element of value) walk(element, `${place}/*`);
    else if (typeof value === 'object' && value !== null) walkObject(value as Json, place);
    else if (typeof value === 'string' || typeof value === 'number') add(place, String(value));
  };
  const walkObject = (value: Json, place: string): void => {
    const names = [...NAMES].map((name) => (typeof value[name] === 'number' ? value[name] : '')).join('.');
    for (const [name, below] of Object.entries(value)) {
      add(`${place}/names`, name);
      if (name === 'bytes' && Array.isArray(below)) add(`${place}/bytes`, Buffer.from(below).toString());
      else if (!NAMES.has(name)) walk(below, `${place}[${names}]/${name}`);
    }
  };
  for (const data of events) walk(JSON.parse(data), '');
  return [...places.values(), ...[...places.values()].flatMap(inside)];
}

function inside(text: string): readonly string[] {
  if (!/^\s*[{[]/.test(text)) return [];
  try {
    JSON.parse(text);
    return everythingHeard([text]);
  } catch {
    return [];
  }
}

/** Whether this is heard somewhere, with whatever signs between its letters and digits. */
export function isHeard(heard: readonly string[], value: string): boolean {
  const wanted = bare(value);
  return heard.some((text) => bare(text).includes(wanted));
}

function bare(text: string): string {
  return text
    .replace(/\\+u([\da-f]{4})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}@]/gu, '')
    .toLowerCase();
}
