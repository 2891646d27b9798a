/** Paths whose clients are Anthropic's: they send their key, and read errors, in that vendor's way. */
export function isAnthropicPath(path: string): boolean {
  return path === '/v1/messages' || path.startsWith('/v1/messages/');
}
