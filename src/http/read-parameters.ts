import { CordonError } from '../domain/errors.ts';

const MAX_PARAMETERS = 64;

/**
 * The parameters of path and query as JSON text, for a dialect to read like a body. `name[]` makes a list, and so does
 * `include`, which clients also repeat. Any other name that stands twice is refused: which one counted would be a guess.
 */
export function readParameters(
  path: Readonly<Record<string, string | undefined>>,
  query: URLSearchParams,
): string {
  const found = new Map<string, string | string[]>();
  for (const [name, value] of Object.entries(path)) if (value !== undefined) found.set(name, value);
  let count = 0;
  for (const [key, value] of query) {
    if (++count > MAX_PARAMETERS) throw new CordonError('invalid_request', 'There are too many parameters.');
    const name = key.endsWith('[]') ? key.slice(0, -2) : key;
    const known = found.get(name);
    if (name !== key || name === 'include') {
      if (typeof known === 'string') throw twice();
      found.set(name, [...(known ?? []), value]);
    } else if (known !== undefined) throw twice();
    else found.set(name, value);
  }
  // From entries, so that no name is special.
  return JSON.stringify(Object.fromEntries(found));
}

function twice(): CordonError {
  return new CordonError('invalid_request', 'A parameter stands twice.');
}
