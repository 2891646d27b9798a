const SIGNATURE = '\u2014 ';
const SYSLOG_MARK = ' cordon - checkpoint - ';

/**
 * The notes in the lines of a sink's file: as the file sink writes them, or as a syslog collector does, one a line
 * behind its own header. What is neither is passed over; a note cut short is not given out.
 */
export async function* readNotes(
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, void> {
  let text: string[] = [];
  let signatures: string[] = [];
  for await (const line of lines) {
    const mark = line.indexOf(SYSLOG_MARK);
    if (mark >= 0) {
      yield `${line
        .slice(mark + SYSLOG_MARK.length)
        .split('|')
        .join('\n')}\n`;
      continue;
    }
    if (line.startsWith(SIGNATURE)) {
      signatures.push(line);
      continue;
    }
    if (signatures.length > 0) {
      yield note(text, signatures);
      [text, signatures] = [[], []];
    }
    if (line !== '') text.push(line);
  }
  if (signatures.length > 0) yield note(text, signatures);
}

function note(text: readonly string[], signatures: readonly string[]): string {
  return `${text.join('\n')}\n\n${signatures.join('\n')}\n`;
}
