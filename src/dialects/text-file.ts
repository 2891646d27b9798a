/** A file inside a request whose bytes are text. */
export interface TextFile {
  readonly text: string;
  /** The string that holds the file, with another text in it; media type, encoding and byte order mark stay. */
  readonly encode: (text: string) => string;
}

const DATA_URL =
  /^data:([\w.+-]{1,64}\/[\w.+-]{1,64})((?:;[\w.+-]{1,32}=(?:[\w.+-]{1,64}|"[^"\\]{0,64}"))*);base64,/i;
/** Beside `text/…`, what is text all the same. Formats that hide letters (RTF, PostScript) are not among them. */
const TEXT_TYPE =
  /^(?:text\/(?!rtf$|richtext$)[\w.+-]+|application\/(?:json|xml|yaml|toml|csv|sql|graphql|javascript|x-ndjson|x-yaml|x-sh|(?:[\w.-]+\+)(?:json|xml|yaml)))$/;
/** Formats that begin with letters and are no text: what a model reads in them is not what stands in them. */
const MAGIC = /%PDF-|^\s*%!PS|^\s*\{\\rtf/;
/** Readers look for the first of them this far. */
const MAGIC_WITHIN = 1024;
/** Control characters beside tab, line and page breaks: no text has them, and every binary format does. */
const BINARY = /[^\P{Cc}\t\n\v\f\r\u0080-\u009f]/u;
/** A file in the file. */
const NESTED = /data:[\w.+-]{1,64}\/[\w.+-]{1,64}[\w.+;="-]{0,200};base64,/i;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Whether a media type, as declared, is one of text. */
function isTextType(mediaType: string): boolean {
  return TEXT_TYPE.test(mediaType.toLowerCase());
}

/**
 * Reads a data URL, or bare base64, whose bytes are text in UTF-8, or in UTF-16 with a byte order mark. Undefined when
 * the declared type is not of text, when the bytes are not, or when one of the two lies about the other: then nobody
 * can say what the model will read.
 */
export function readTextFile(value: string): TextFile | undefined {
  const url = DATA_URL.exec(value);
  if (url === null) return value.startsWith('data:') ? undefined : readBytes('', value, undefined);
  const [head, mediaType = '', parameters = ''] = url;
  if (!isTextType(mediaType)) return undefined;
  const charset = /;charset="?([\w.+-]+)/i.exec(parameters)?.[1]?.toLowerCase();
  return readBytes(head, value.slice(head.length), charset);
}

function readBytes(head: string, base64: string, charset: string | undefined): TextFile | undefined {
  const bytes = decodeBase64(base64);
  if (bytes === undefined) return undefined;
  const encoding = encodingOf(bytes);
  if (charset !== undefined && !CHARSETS[encoding.name].includes(charset)) return undefined;
  const text = decode(bytes.subarray(encoding.mark.length), encoding.name);
  if (text === undefined || BINARY.test(text) || MAGIC.test(text.slice(0, MAGIC_WITHIN)) || NESTED.test(text))
    return undefined;
  if (charset === 'us-ascii' && bytes.some((byte) => byte > 0x7f)) return undefined;
  return {
    text,
    encode: (changed) =>
      head + Buffer.concat([encoding.mark, encode(changed, encoding.name)]).toString('base64'),
  };
}

/** Undefined unless the bytes are the only ones that this text stands for. */
function decodeBase64(text: string): Buffer | undefined {
  if (!BASE64.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? bytes : undefined;
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';
const CHARSETS: Readonly<Record<Encoding, readonly string[]>> = {
  'utf-8': ['utf-8', 'utf8', 'us-ascii'],
  'utf-16le': ['utf-16', 'utf-16le'],
  'utf-16be': ['utf-16', 'utf-16be'],
};

function encodingOf(bytes: Buffer): { readonly name: Encoding; readonly mark: Buffer } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { name: 'utf-16le', mark: bytes.subarray(0, 2) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { name: 'utf-16be', mark: bytes.subarray(0, 2) };
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { name: 'utf-8', mark: bytes.subarray(0, marked ? 3 : 0) };
}

function decode(bytes: Buffer, encoding: Encoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encode(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  const little = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16le' ? little : little.swap16();
}
