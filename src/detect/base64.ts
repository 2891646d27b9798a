const RUN = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{12,}={0,2}/g;
/** More than a piece of text can hold, so that no decoys in front hide a later run. */
const MAX_RUNS = 4096;
/** Text as people write it: no control characters but tab and line ends, nothing that is not UTF-8. */
const UNPRINTABLE = /[\p{Cc}\p{Cn}\p{Co}\ufffd]/u;

export interface DecodedRun {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Base64 (and base64url) runs of 12 characters (nine digits) and more that hold readable text. Size and count are bounded by the
 * piece of text this is given. Ordinary long words and hashes fail after the first twelve bytes.
 */
export function decodeBase64Runs(text: string): DecodedRun[] {
  const runs: DecodedRun[] = [];
  for (const match of text.matchAll(RUN)) {
    // A run at the very beginning may be the rest of one that was cut there, out of step with its groups of four.
    for (const shift of match.index === 0 ? [0, 1, 2, 3] : [0]) {
      if (read(match[0].slice(shift, shift + 16)) === undefined) continue;
      const decoded = read(match[0].slice(shift));
      if (decoded === undefined) continue;
      runs.push({ start: match.index, end: match.index + match[0].length, text: decoded });
      break;
    }
    if (runs.length === MAX_RUNS) break;
  }
  return runs;
}

function read(run: string): string | undefined {
  const text = Buffer.from(run, 'base64').toString('utf8');
  // A character cut at either end is not a sign of binary data.
  const whole = text.replace(/^\ufffd{1,3}|\ufffd{1,3}$/g, '');
  return whole !== '' && !UNPRINTABLE.test(whole.replace(/[\t\r\n]/g, ' ')) ? whole : undefined;
}
