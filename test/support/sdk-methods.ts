import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The resources of a vendor's client that sends requests, with what they can be asked: `chat.completions.create`. */
export function methodsOf(client: object): readonly string[] {
  return Object.entries(client).flatMap(([name, value]) => below(value, name));
}

function below(value: unknown, name: string): readonly string[] {
  if (typeof value !== 'object' || value === null || !('_client' in value)) return [];
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(value)).filter(
    (key) => key !== 'constructor' && !key.startsWith('_'),
  );
  const resources = Object.entries(value).filter(([key]) => key !== '_client');
  return [
    ...methods.map((method) => `${name}.${method}`),
    ...resources.flatMap(([key, resource]) => below(resource, `${name}.${key}`)),
  ];
}

export interface Endpoint {
  readonly method: string;
  /** Below the host, with a word in place of each parameter. */
  readonly path: string;
}

const METHODS = { get: 'GET', getAPIList: 'GET', post: 'POST', delete: 'DELETE', put: 'PUT', patch: 'PATCH' };
const CALLED =
  /_client\s*\.(get|getAPIList|post|delete|put|patch)\(\s*(?:path\s*)?(['`])((?:\\.|(?!\2)[^\\])*)\2/g;

/** Every endpoint that the source of a vendor's client names; `prefix` stands before those that begin without it. */
export function endpointsOf(folder: string, prefix: string): readonly Endpoint[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.mjs'),
  );
  const found = new Map<string, Endpoint>();
  for (const file of files) {
    for (const [, verb = '', , named = ''] of readFileSync(path.join(folder, file), 'utf8').matchAll(
      CALLED,
    )) {
      const [place = ''] = named.replace(/\$\{[^}]*\}/g, 'x1').split('?');
      const endpoint = {
        method: METHODS[verb as keyof typeof METHODS],
        path: place.startsWith(`${prefix}/`) ? place : `${prefix}${place}`,
      };
      found.set(`${endpoint.method} ${endpoint.path}`, endpoint);
    }
  }
  return [...found.values()];
}
