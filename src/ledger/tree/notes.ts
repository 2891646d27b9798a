const SIGNATURE = '\u2014 ';
const SYSLOG_MARK = ' cordon - checkpoint - ';

/**
 * The notes in the lines of a sink's file: as the file sink writes them, or as a syslog collector does, one a line
 * behind its own header. A note that was cut short before its signature is passed over.
 */
export async function* readNotes(
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, void> {
  let text: string[] = [];
  for await (const paragraph of paragraphs(lines)) {
    const [first = ''] = paragraph;
    const mark = first.indexOf(SYSLOG_MARK);
    if (mark >= 0) {
      for (const line of paragraph) {
        const at = line.indexOf(SYSLOG_MARK);
        if (at >= 0)
          yield `${line
            .slice(at + SYSLOG_MARK.length)
            .split('|')
            .join('\n')}\n`;
      }
    } else if (first.startsWith(SIGNATURE)) {
      if (text.length > 0) yield `${text.join('\n')}\n\n${paragraph.join('\n')}\n`;
      text = [];
    } else {
      text = paragraph;
    }
  }
}

async function* paragraphs(
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string[], void, void> {
  let paragraph: string[] = [];
  for await (const line of lines) {
    if (line !== '') {
      paragraph.push(line);
    } else if (paragraph.length > 0) {
      yield paragraph;
      paragraph = [];
    }
  }
  if (paragraph.length > 0) yield paragraph;
}
