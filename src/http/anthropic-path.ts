import { type IncomingMessage } from 'node:http';

/** Paths whose clients are Anthropic's: they send their key, and read errors, in that vendor's way. */
export function isAnthropicPath(path: string): boolean {
  return path === '/v1/messages' || path.startsWith('/v1/messages/');
}

/** Of the paths that both vendors have (`/v1/models`): Anthropic's clients say which version of its API they speak. */
export function isAnthropicClient({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['anthropic-version'] !== undefined;
}
