import { isIPv4, isIPv6 } from 'node:net';
import { type Span } from '../../domain/span.ts';
import { Context } from '../context.ts';
import { type Recognizer } from '../recognizer.ts';
import { type Token, isBounded } from '../tokens.ts';

const IPV4 = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/;
const VERSION_WORD = /(?:version|release|section|chapter|firmware|build|版本)[\s:]{0,2}$/i;
/** Loopback, unspecified, broadcast, net masks, and the resolvers everybody quotes: nobody's address. */
const NOBODY =
  /^(?:127\.|0\.|255\.255\.|::1?$|::ffff:0:0$|8\.8\.8\.8$|8\.8\.4\.4$|1\.1\.1\.1$|1\.0\.0\.1$|1\.2\.3\.4$)/;
/** `1.6.2.3` is a release more often than a host: small numbers need a word that says address. */
const RELEASE = /^[0-9](?:\.\d{1,2}){3}$/;
const ADDRESS_WORDS = new Context(
  ...[
    'ip',
    'ips',
    'ipv4',
    'address',
    'addr',
    'host',
    'server',
    'client',
    'remote',
    'peer',
    'source',
    'src',
    'dst',
  ],
  ...[
    'ping',
    'ssh',
    'dns',
    'gateway',
    'login',
    'connection',
    'adresse',
    'dirección',
    'indirizzo',
    'endereço',
    'adres',
  ],
  ...['地址', '服务器', '主机', '登录'],
);
const HEX_GROUPS =
  /(?<![\w:.])[0-9a-f]{0,4}:(?:[0-9a-f]{0,4}:){1,6}(?:[0-9a-f]{1,4}(?:\.\d{1,3}){0,3})?(?![\w:])/gi;
const MAC =
  /(?<![\w:-])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?![\w:-])/gi;
const HAS_COLON_PAIR = /[0-9A-Fa-f]:[0-9A-Fa-f:]|::[0-9A-Fa-f]/;

function ip(start: number, end: number): Span {
  return { start, end, entity: 'IP_ADDRESS', score: 0.95, recognizer: 'ip', validated: true };
}

export const IP: Recognizer = {
  name: 'ip',
  entities: ['IP_ADDRESS'],
  find(view) {
    const { text } = view;
    const spans: Span[] = [];
    for (const token of view.tokens) {
      if (!token.numeric || token.end - token.start > 3 || text.charAt(token.end) !== '.') continue;
      const match = IPV4.exec(text.slice(token.start, token.start + 15))?.[0];
      if (match === undefined || !isIPv4(match) || NOBODY.test(match)) continue;
      if (!isBounded(text, token.start, token.start + match.length)) continue;
      if (VERSION_WORD.test(text.slice(Math.max(0, token.start - 12), token.start))) continue;
      const behind = token.start + match.length;
      if (RELEASE.test(match) && ADDRESS_WORDS.nearness(view.text, token.start, behind) === 0) continue;
      spans.push(ip(token.start, token.start + match.length));
    }
    if (HAS_COLON_PAIR.test(text)) {
      for (const match of text.matchAll(HEX_GROUPS)) {
        if (isLikelyIpv6(match[0])) spans.push(ip(match.index, match.index + match[0].length));
      }
    }
    return spans;
  },
};

/** `dead::beef` and `a::b` are IPv6 by grammar and C++ by use. */
function isLikelyIpv6(text: string): boolean {
  // A prefix names a network: `2001:db8::/32`.
  if (!isIPv6(text) || NOBODY.test(text) || text.endsWith('::') || !/\d/.test(text)) return false;
  const groups = text.split(':').filter((group) => group !== '').length;
  return groups >= 3 || /^(?:fe80|f[cd]|[23][0-9a-f]{3}:)/i.test(text);
}

/** Two or four characters joined to others: hardware addresses without any digit do not occur. */
function isGroup(text: string, { start, end }: Token): boolean {
  const length = end - start;
  return (length === 2 || length === 4) && /[:.-]/.test(text.charAt(end) + text.charAt(start - 1));
}

export const MAC_ADDRESS: Recognizer = {
  name: 'mac',
  entities: ['MAC_ADDRESS'],
  find(view) {
    if (!view.tokens.some((token) => isGroup(view.text, token))) return [];
    return Array.from(view.text.matchAll(MAC))
      .filter((match) => !/^(?:[0:.-]+|[f:.-]+)$/i.test(match[0]))
      .map((match) => ({
        start: match.index,
        end: match.index + match[0].length,
        entity: 'MAC_ADDRESS',
        score: 0.9,
        recognizer: 'mac',
        validated: true,
      }));
  },
};
