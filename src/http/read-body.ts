import { type IncomingMessage } from 'node:http';
import { CordonError } from '../domain/errors.ts';

/** A JSON request body as text: media type, encoding and size are checked, UTF-8 is decoded strictly. `onBytes` may refuse. */
export async function readJsonText(
  request: IncomingMessage,
  maxBytes: number,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const mediaType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw new CordonError('unsupported_media_type', 'Send the body as application/json.');
  }
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new CordonError('unsupported_media_type', 'Send the body without a content encoding.');
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Left before its end the request must not be destroyed: its connection would stop reading for good, and the next
    // call that a client sends on it would wait until it times out. The rest is read and dropped instead.
    const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      onBytes(chunk.byteLength);
      chunks.push(chunk);
    }
  } catch (error) {
    request.resume();
    if (error instanceof CordonError) throw error;
    throw new CordonError('client_closed_request', 'The request broke off before its end.', { cause: error });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new CordonError('invalid_json', 'The request body is not valid UTF-8.', { cause: error });
  }
}

function tooLarge(maxBytes: number): CordonError {
  return new CordonError('payload_too_large', `A request body may have at most ${maxBytes} bytes.`);
}
