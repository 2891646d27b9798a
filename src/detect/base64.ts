const RUN = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}/g;
const MAX_RUN = 65_536;
const MAX_RUNS = 256;
/** Text as people write it: no control characters but tab and line ends, nothing that is not UTF-8. */
const UNPRINTABLE = /[\p{Cc}\p{Cn}\p{Co}\ufffd]/u;

export interface DecodedRun {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Base64 (and base64url) runs of 16 characters and more that hold readable text. Runs beyond the size and count bound
 * are not decoded: what is too big to be read here is too big to be an identifier. Ordinary long words and hashes
 * fail after the first twelve bytes.
 */
export function decodeBase64Runs(text: string): DecodedRun[] {
  const runs: DecodedRun[] = [];
  for (const match of text.matchAll(RUN)) {
    if (match[0].length > MAX_RUN) continue;
    const head = read(match[0].slice(0, 16));
    if (head === undefined) continue;
    const decoded = read(match[0]);
    if (decoded === undefined) continue;
    runs.push({ start: match.index, end: match.index + match[0].length, text: decoded });
    if (runs.length === MAX_RUNS) break;
  }
  return runs;
}

function read(run: string): string | undefined {
  const text = Buffer.from(run, 'base64').toString('utf8');
  // A character cut at the end of the head is not a sign of binary data.
  const whole = text.replace(/\ufffd$/, '');
  return whole !== '' && !UNPRINTABLE.test(whole.replace(/[\t\r\n]/g, ' ')) ? whole : undefined;
}
