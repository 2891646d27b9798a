import { CordonError } from '../../domain/errors.ts';
import { type RunnerResponse } from '../../domain/runner.ts';

/** The whole of a runner's JSON answer as text, within `maxBytes`. */
export async function readBody(response: RunnerResponse, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new CordonError('upstream_invalid', 'The model runner answered with more than Cordon accepts.', {
        detail: 'too_large',
      });
    }
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new CordonError('upstream_invalid', 'The model runner answered with invalid UTF-8.', {
      detail: 'utf8',
      cause: error,
    });
  }
}

export function checkContentType(response: RunnerResponse, expected: string): void {
  if (response.contentType === expected) return;
  response.discard();
  throw new CordonError('upstream_invalid', `The model runner did not answer with ${expected}.`, {
    detail: 'content_type',
  });
}
