import { type Span } from '../../domain/span.ts';
import { type Recognizer } from '../recognizer.ts';
import { entropyPerChar } from './entropy.ts';

/**
 * Keys whose issuer gave them a shape of their own (the vendors' documentation and secret-scanning partner lists).
 * Every repeat is bounded and no two neighbouring parts share a first character that matters, so matching is linear.
 */
const ISSUED = new RegExp(
  `(?<![A-Za-z0-9_])(?:${[
    '(?:AKIA|ASIA|AGPA|AIDA|AROA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])',
    'AIza[\\w-]{35}',
    'ya29\\.[\\w-]{20,512}',
    'GOCSPX-[\\w-]{20,40}',
    'gh[pousr]_[A-Za-z0-9]{30,255}',
    'github_pat_\\w{22,255}',
    'glpat-[\\w-]{20,64}',
    'xox[abeoprs]-[\\w-]{10,250}',
    'xapp-\\d-[\\w-]{10,250}',
    '(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,250}',
    'whsec_[A-Za-z0-9+/=]{20,100}',
    'sk-(?:ant-|proj-|svcacct-|admin-|or-)?[\\w-]{20,250}',
    'hf_[A-Za-z0-9]{30,60}',
    'npm_[A-Za-z0-9]{30,60}',
    'pypi-[\\w-]{50,512}',
    'dop_v1_[a-f0-9]{64}',
    'SG\\.[\\w-]{16,32}\\.[\\w-]{30,64}',
    'key-[a-f0-9]{32}(?![a-f0-9])',
    'AC[a-f0-9]{32}(?![a-f0-9])',
    'SK[a-f0-9]{32}(?![a-f0-9])',
    'LTAI[A-Za-z0-9]{12,30}',
    'AKID[A-Za-z0-9]{13,40}',
    'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}',
    'eyJ[\\w-]{8,4096}\\.eyJ[\\w-]{8,16384}\\.[\\w-]{0,4096}',
    'eyJ[\\w-]{8,4096}\\.[\\w-]{0,1024}\\.[\\w-]{8,64}\\.[\\w-]{8,16384}\\.[\\w-]{8,64}',
  ].join('|')})`,
  'g',
);
const PEM_BEGIN = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;
const PEM_END = /-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/;
const MAX_PEM = 16_384;
const BEARER =
  /\b(?:bearer|basic|authorization["']?[:=]\s?["']?token)\s{1,4}["']?([A-Za-z0-9._~+/-]{16,4096}={0,2})/gi;
/** `api_key = …`, `"clientSecret": "…"`, `AccountKey=…`: a name that promises a secret, then something random. */
const NAMED =
  /(?:api[ _-]?key|apikey|secret(?:[ _-]?(?:access[ _-]?)?key)?|access[ _-]?(?:key|token)|auth[ _-]?token|client[ _-]?secret|private[ _-]?key|account[ _-]?key|token|credential|密钥|令牌)s?["'`]?(?: is|是|为)?\s{0,4}(?::|=|=>|:=|\s)\s{0,4}["'`]?([A-Za-z0-9_+/.~-]{16,512}={0,2})/gi;
const HAS_NAME = /key|secret|token|credential|密钥|令牌|bearer|basic/i;
const MIN_ENTROPY = 3.2;

function secret(start: number, end: number, score: number, validated: boolean): Span {
  return { start, end, entity: 'SECRET', score, recognizer: 'secret', validated };
}

export const SECRETS: Recognizer = {
  name: 'secret',
  entities: ['SECRET'],
  find(view) {
    const { text } = view;
    const spans: Span[] = [];
    if (text.includes('PRIVATE KEY')) {
      for (const match of text.matchAll(PEM_BEGIN)) {
        // Nested headers belong to the key they stand in; reading each anew would cost a window apiece.
        if (match.index >= (spans.at(-1)?.end ?? 0))
          spans.push(privateKey(text, match.index, match[0].length));
      }
    }
    // Everything else must have a digit among its letters.
    if (!view.tokens.some(({ start, end, numeric }) => end - start >= (numeric ? 8 : 4))) return spans;
    for (const match of text.matchAll(ISSUED)) {
      if (isRandom(match[0])) spans.push(secret(match.index, match.index + match[0].length, 0.95, true));
    }
    if (!HAS_NAME.test(text)) return spans;
    for (const [pattern, score] of [[BEARER, 0.85] as const, [NAMED, 0.75] as const]) {
      for (const match of text.matchAll(pattern)) {
        const value = match[1] ?? '';
        if (!isRandom(value)) continue;
        const end = match.index + match[0].length;
        spans.push(secret(end - value.length, end, score, false));
      }
    }
    return spans;
  },
};

/** Letters and digits in good disorder; `YOUR_API_KEY_GOES_HERE` and dotted identifiers are not. */
function isRandom(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value) && entropyPerChar(value.slice(0, 256)) >= MIN_ENTROPY;
}

/** To its END line, or as far as key material goes on: a key cut short is still a key. */
function privateKey(text: string, start: number, header: number): Span {
  const window = text.slice(start, start + MAX_PEM);
  const end = PEM_END.exec(window);
  const body = /^(?:[A-Za-z0-9+/=:,\\\-. ]|\r|\n)*/.exec(window.slice(header))?.[0].length ?? 0;
  return secret(start, start + (end === null ? header + body : end.index + end[0].length), 1, true);
}
