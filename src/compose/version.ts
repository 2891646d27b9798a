import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageDirectory } from './locations.ts';

/** As package.json says; `0.0.0` when it says nothing. */
export function packageVersion(): string {
  const text = readFileSync(path.join(packageDirectory(), 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { readonly version?: unknown };
  return typeof version === 'string' ? version : '0.0.0';
}
