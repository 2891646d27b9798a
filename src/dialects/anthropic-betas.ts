const BETA = /^([a-z0-9-]{1,64})-\d{4}-\d{2}-\d{2}$/;
const MAX_BETAS = 32;

/**
 * Betas that change how a message is thought about, cached or cut, and neither bring in content from elsewhere (files,
 * MCP servers, skills, code execution) nor shapes that the dialect does not know.
 */
const ALLOWED = new Set([
  ...['prompt-caching', 'extended-cache-ttl', 'cache-diagnosis', 'token-counting', 'token-efficient-tools'],
  ...['fine-grained-tool-streaming', 'interleaved-thinking', 'dev-full-thinking', 'thinking-token-count'],
  ...['thinking-display-updates', 'output-128k', 'output-300k', 'context-1m', 'context-management'],
  ...[
    'model-context-window-exceeded',
    'structured-outputs',
    'effort',
    'tool-search-tool',
    'advanced-tool-use',
  ],
  ...['task-budgets', 'fast-mode', 'pdfs'],
]);

/** Of the betas that a caller's `anthropic-beta` header names, those that the runner may be told; the rest is left out. */
export function allowedBetas(header: string | undefined): readonly string[] {
  const named = (header ?? '').split(',', MAX_BETAS).map((name) => name.trim());
  return [...new Set(named.filter((name) => ALLOWED.has(BETA.exec(name)?.[1] ?? '')))];
}
