import { isIPv4, isIPv6 } from 'node:net';
import { RE2JS } from 're2js';

/** Whether a text has a declared form; undefined when nobody can tell. */
export type Form = (text: string) => boolean | undefined;

/** Longer texts are not judged: no form of so many characters is one that a replacement could have by chance. */
const MAX_CHARS = 4096;
const MAX_PATTERN_CHARS = 1000;

const DATE = String.raw`\d{4}-\d{2}-\d{2}`;
const TIME = String.raw`\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})`;
const EMAIL = /^[^\s@<>()[\],;:"]{1,64}@[^\s@<>()[\],;:"]{1,253}$/;
const URI = /^[a-z][a-z\d+.-]{0,30}:[^\s<>"{}|\\^`]+$/i;
const HOSTNAME = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?)(?:\.[\p{L}\p{N}-]{1,63})*$/u;

/** The formats of JSON Schema (2020-12, §7.3) that personal data has; the others are annotations to Cordon. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  email: (text) => EMAIL.test(text),
  'idn-email': (text) => EMAIL.test(text),
  uri: (text) => URI.test(text),
  url: (text) => URI.test(text),
  iri: (text) => URI.test(text),
  date: (text) => new RegExp(`^${DATE}$`).test(text),
  'date-time': (text) => new RegExp(`^${DATE}[Tt ]${TIME}$`).test(text),
  time: (text) => new RegExp(`^${TIME}$`).test(text),
  ipv4: isIPv4,
  ipv6: isIPv6,
  hostname: (text) => HOSTNAME.test(text),
  'idn-hostname': (text) => HOSTNAME.test(text),
  uuid: (text) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text),
  phone: (text) => /^\+?[\d\s().-]{5,32}$/.test(text),
};

export function formatForm(name: string): Form | undefined {
  const test = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  return test && ((text) => (text.length > MAX_CHARS ? undefined : test(text)));
}

/**
 * A pattern of the caller's, judged in linear time. Look-around and back-references cannot be, so of a pattern that has
 * them nothing is known.
 */
export function patternForm(pattern: string): Form {
  const compiled = pattern.length > MAX_PATTERN_CHARS ? undefined : compile(pattern);
  return (text) => {
    if (compiled === undefined || text.length > MAX_CHARS) return undefined;
    return compiled.matcher(text).find();
  };
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    return undefined;
  }
}
