import { createHash } from 'node:crypto';
import { type JsonObject } from '../../domain/json.ts';
import { createOpenapi } from '../openapi/document.ts';
import { DOCS_STYLE, renderDocs } from '../openapi/page.ts';
import { type Route } from '../route-table.ts';

export interface DocsRouteOptions {
  /** Whether `/openapi.json` and `/docs` are served at all; anybody may read them. */
  readonly docsHere: boolean;
  readonly version: string;
}

const OPEN = { method: 'GET', access: 'open', errors: 'openai', tag: 'Operations' } as const;

/** The description of `routes`, which hold these two themselves. It is written once, when first asked for. */
export function docsRoutes({ version }: DocsRouteOptions, routes: () => readonly Route[]): readonly Route[] {
  let written: { readonly json: string; readonly html: string } | undefined;
  const write = (): NonNullable<typeof written> => {
    const document = createOpenapi(routes(), version);
    written ??= { json: JSON.stringify(document), html: renderDocs(document, routes()) };
    return written;
  };
  return [
    {
      ...OPEN,
      id: 'getOpenapi',
      path: '/openapi.json',
      summary: 'This description, as OpenAPI 3.1',
      answers: { 200: { description: 'OpenAPI 3.1.', content: { 'application/json': DOCUMENT } } },
      refusals: ['method_not_allowed'],
      handle: (ctx) => {
        ctx.type = 'application/json';
        ctx.body = (written ?? write()).json;
      },
    },
    {
      ...OPEN,
      id: 'getDocs',
      path: '/docs',
      summary: 'This description, to read',
      answers: { 200: { description: 'A page.', content: { 'text/html': { type: 'string' } } } },
      refusals: ['method_not_allowed'],
      handle: (ctx) => {
        ctx.set('Content-Security-Policy', CONTENT_SECURITY_POLICY);
        ctx.set('Referrer-Policy', 'no-referrer');
        ctx.type = 'text/html';
        ctx.body = (written ?? write()).html;
      },
    },
  ];
}

const DOCUMENT: JsonObject = { type: 'object', required: ['openapi', 'info', 'paths'] };
/** The page's own style and nothing else: no script, no other address, no frame, no form. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(DOCS_STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
