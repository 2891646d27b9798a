import { isIPv4, isIPv6 } from 'node:net';
import { type Generator, type Making } from './making.ts';

/** TEST-NET-1 to -3 (RFC 5737); where they run out, the range for benchmarks (RFC 2544). */
const TEST_NETS = ['192.0.2', '198.51.100', '203.0.113'] as const;
/** Attempts after which the small documentation ranges count as used up. */
const SMALL_RANGE_ATTEMPTS = 12;

const IP: Generator = (value, { draws, attempt }) => {
  if (isIPv4(value)) {
    const host = 1 + draws.int(254);
    return attempt < SMALL_RANGE_ATTEMPTS
      ? { text: `${draws.pick(TEST_NETS)}.${host}` }
      : { text: `198.${18 + draws.int(2)}.${draws.int(256)}.${host}` };
  }
  if (!isIPv6(value)) return undefined;
  const group = (): string => (0x1000 + draws.int(0xe000)).toString(16);
  // RFC 3849.
  const tail = value.includes('::')
    ? `:${group()}::${group()}`
    : `:${Array.from({ length: 6 }, group).join(':')}`;
  return { text: `2001:db8${tail}` };
};

/** 00-00-5E-00-53-xx is for documentation (RFC 7042); beyond it, addresses that no maker gives out. */
const MAC: Generator = (value, { draws, attempt }) => {
  const compact = value.replace(/[^\da-f]/gi, '');
  if (compact.length !== 12) return undefined;
  const byte = (): string => draws.letters('0123456789abcdef', 2);
  const made =
    attempt < SMALL_RANGE_ATTEMPTS
      ? `00005e0053${byte()}`
      : `02${byte()}${byte()}${byte()}${byte()}${byte()}`;
  const capital = /[A-F]/.test(value) || !/[a-f]/.test(value);
  let at = 0;
  return {
    text: value.replace(/[\da-f]/gi, () => {
      const unit = made.charAt(at++);
      return capital ? unit.toUpperCase() : unit;
    }),
  };
};

/** RFC 2606: nobody receives mail there. A domain stays one domain in all addresses of the call. */
function domainFor(domain: string, making: Making): string | undefined {
  const word = making.word('domain', domain.toLowerCase());
  return word === undefined ? undefined : `${word.toLowerCase()}.example`;
}

const EMAIL: Generator = (value, making) => {
  const at = value.lastIndexOf('@');
  if (at < 1 || /\s/.test(value)) return undefined;
  const domain = domainFor(value.slice(at + 1), making);
  if (domain === undefined) return undefined;
  if (making.unique !== undefined) return { text: `mail.${making.unique}@${domain}` };
  const words: (string | undefined)[] = [];
  const local = value
    .slice(0, at)
    .normalize('NFC')
    .replace(/[\p{L}\p{M}]+|\d+|[^\p{L}\p{M}\d._+-]/gu, (piece) => {
      if (/^\d/.test(piece)) return making.draws.digits(piece.length);
      if (!/^\p{L}/u.test(piece)) return '-';
      const word = making.word('mail', piece);
      words.push(word);
      return (word ?? '').toLowerCase();
    });
  if (words.length === 0 || words.includes(undefined)) return undefined;
  const made = `${local}@${domain}`;
  return { text: /[a-z]/.test(value) ? made : made.toUpperCase() };
};

const URL_ADDRESS: Generator = (value, making) => {
  const scheme = /^[a-z][a-z\d+.-]{1,20}:\/\//i.exec(value)?.[0] ?? '';
  const rest = value.slice(scheme.length);
  const host = /^[^/?#]*/.exec(rest)?.[0] ?? '';
  const domain = domainFor(host, making);
  if (domain === undefined) return undefined;
  if (making.unique !== undefined) return { text: `${scheme}${domain}/${making.unique}` };
  const path = rest.length > host.length ? `/${making.draws.letters('abcdefghjkmnpqrstuvwxyz', 10)}` : '';
  return { text: `${scheme}${domain}${path}` };
};

export const NETWORK: Readonly<Record<string, Generator>> = {
  IP_ADDRESS: IP,
  MAC_ADDRESS: MAC,
  EMAIL_ADDRESS: EMAIL,
  URL: URL_ADDRESS,
};
