import { z } from 'zod';

/** Values that several sections of the configuration file have. */

export const durationMs = z.int().min(1).max(3_600_000);

export const environmentName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, { error: 'must be the name of an environment variable' });

/** A plain-HTTP address is only accepted on this machine: anything else would carry prompts in clear. */
function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}

export const httpUrl = z.string().refine(
  (value) => {
    if (!URL.canParse(value)) return false;
    const url = new URL(value);
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  },
  { error: 'must be an https:// URL (http:// is accepted on loopback only)' },
);

/** Paths are appended to it, and a credential in it would be left out without a word. */
export const baseUrl = httpUrl.refine(
  (value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return (
      url === undefined ||
      (!value.includes('?') && !value.includes('#') && url.username + url.password === '')
    );
  },
  { error: 'must hold no credentials, query or fragment; a key goes to api_key_env or api_key_file' },
);
