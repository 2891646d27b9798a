import { ERROR_STATUS } from '../../domain/errors.ts';
import { type Json, type JsonObject } from '../../domain/json.ts';
import { type Route } from '../route-table.ts';

/** The only style there is; the page's content security policy names its hash. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #0a6; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
a { color: inherit; text-decoration-color: var(--accent); text-underline-offset: .2em; }
nav ul { columns: 18rem; padding: 0; list-style: none; }
nav li { break-inside: avoid; padding: .15rem 0; }
article { margin: 1rem 0; padding: 0 1rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
article:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
code, pre { font: .875rem/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; border-radius: .375rem; background: var(--soft); }
pre.copy { user-select: all; }
.method { display: inline-block; min-width: 3.5rem; color: var(--accent); font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .25rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
summary { cursor: pointer; padding: .25rem 0; }
`;

/** The document as one page: no script, no other file; found by its index, by anchors and by the browser's own search. */
export function renderDocs(document: JsonObject, routes: readonly Route[]): string {
  const tags = [...new Set(routes.map(({ tag }) => tag))];
  const sections = tags.map((tag) => {
    const own = routes.filter((route) => route.tag === tag);
    return `<section><h2 id="${anchor(tag)}">${escape(tag)}</h2>${own.map((route) => renderRoute(route, document)).join('')}</section>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cordon API</title>
<style>${DOCS_STYLE}</style>
</head>
<body>
<header>
<h1>Cordon API</h1>
<p>${markdown(textAt(document, ['info', 'description']))}</p>
<p>The same as <a href="/openapi.json">OpenAPI 3.1</a>. The examples below use two variables (one click selects one):</p>
<pre class="copy">export CORDON=http://127.0.0.1:8080 TOKEN="$(npx cordon dev token)"</pre>
</header>
<nav aria-label="Index">${tags.map((tag) => renderIndex(tag, routes)).join('')}<p><a href="#errors">Errors</a></p></nav>
<main>${sections.join('')}${renderErrors()}</main>
</body>
</html>
`;
}

function renderIndex(tag: string, routes: readonly Route[]): string {
  const items = routes
    .filter((route) => route.tag === tag)
    .map(
      ({ id, method, path }) =>
        `<li><a href="#${anchor(id)}"><code>${method} ${escape(path)}</code></a></li>`,
    );
  return `<p><a href="#${anchor(tag)}">${escape(tag)}</a></p><ul>${items.join('')}</ul>`;
}

function renderRoute(route: Route, document: JsonObject): string {
  const { id, method, path, summary, description, access, takesApiKey, operation } = route;
  const token = takesApiKey === true ? 'A bearer token, also as <code>x-api-key</code>.' : 'A bearer token.';
  const asks = operation === undefined ? '' : ` A policy knows it as <code>${escape(operation)}</code>.`;
  return `<article id="${anchor(id)}">
<h3><a href="#${anchor(id)}"><span class="method">${method}</span> <code>${escape(path)}</code></a></h3>
<p>${escape(summary)}.${description === undefined ? '' : ` ${markdown(description)}`}</p>
<p>${access === 'open' ? 'Open to anybody.' : token}${asks}</p>
${renderParameters(route)}
${renderCurls(route)}
${renderSchema(route, document)}
${renderResponses(route)}
</article>`;
}

function renderParameters({ parameters = [] }: Route): string {
  const rows = parameters.map(
    (parameter) =>
      `<tr><td><code>${escape(parameter.name)}</code></td><td>${parameter.in}</td><td>${escape(parameter.description)}</td></tr>`,
  );
  return rows.length === 0 ? '' : table(['Parameter', 'in', ''], rows);
}

function renderCurls(route: Route): string {
  return curlsOf(route)
    .map(({ summary, command }) => `<p>${escape(summary)}</p><pre class="copy">${escape(command)}</pre>`)
    .join('');
}

/** A shell command for each example; `$CORDON` and `$TOKEN` are the reader's. */
function curlsOf(route: Route): readonly { readonly summary: string; readonly command: string }[] {
  const path = (route.parameters ?? [])
    .filter((parameter) => parameter.in === 'path')
    .reduce(
      (at, { name, example = name }) => at.replace(`{${name}}`, encodeURIComponent(example)),
      route.path,
    );
  const head = [`curl -sS "$CORDON${path}"`];
  if (route.access === 'token') head.push('-H "Authorization: Bearer $TOKEN"');
  const examples = Object.values(route.request?.examples ?? {});
  if (examples.length === 0) return [{ summary: 'Try it', command: head.join(' ') }];
  return examples.map(({ summary, value }) => {
    const body = JSON.stringify(value).replaceAll("'", String.raw`'\''`);
    const lines = [...head, "-H 'Content-Type: application/json'", `-d '${body}'`];
    return { summary, command: lines.join(' \\\n  ') };
  });
}

function renderSchema({ path, method, request }: Route, document: JsonObject): string {
  if (request === undefined) return '';
  const at = ['paths', path, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema'];
  const schema = resolved(valueAt(document, at), document);
  const required = asList(valueAt(schema, ['required']));
  const rows = Object.entries(asObject(valueAt(schema, ['properties']))).map(([name, property]) => {
    const whole = resolved(property, document);
    const needed = required.includes(name) ? ' (required)' : '';
    return `<tr><td><code>${escape(name)}</code>${needed}</td><td>${escape(kindOf(whole))}</td><td>${escape(textAt(whole, ['description']))}</td></tr>`;
  });
  return `<details><summary>Request</summary>${table(['Member', 'Type', ''], rows)}<details><summary>JSON Schema</summary><pre>${escape(JSON.stringify(schema, null, 2))}</pre></details></details>`;
}

/** In a few words: `string (text) or null`. */
function kindOf(schema: Json): string {
  const kinds = asList(valueAt(schema, ['anyOf']));
  if (kinds.length > 0) return [...new Set(kinds.map(kindOf))].join(' or ');
  const ref = textAt(schema, ['$ref']);
  if (ref !== '') return ref.replace(/^.*\//, '');
  const types = asList(valueAt(schema, ['type'])).filter((type) => typeof type === 'string');
  const type = textAt(schema, ['type']) || types.join(' or ') || 'any';
  const cordon = textAt(schema, ['x-cordon']);
  return cordon === '' ? type : `${type} (${cordon})`;
}

function renderResponses({ answers, refusals }: Route): string {
  const rows = Object.entries(answers).map(
    ([status, { description, content }]) =>
      `<tr><td>${escape(status)}</td><td>${escape(description)} ${Object.keys(content).map(code).join(', ')}</td></tr>`,
  );
  const byStatus = new Map<number, string[]>();
  for (const name of new Set(refusals)) {
    const status = ERROR_STATUS[name];
    byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  }
  const refused = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, codes]) => `<tr><td>${status}</td><td>${codes.map(code).join(', ')}</td></tr>`);
  return `<details><summary>Answers</summary>${table(['Status', ''], [...rows, ...refused])}</details>`;
}

function renderErrors(): string {
  const rows = Object.entries(ERROR_STATUS).map(
    ([name, status]) => `<tr><td>${code(name)}</td><td>${status}</td></tr>`,
  );
  return `<section><h2 id="errors">Errors</h2>${table(['Code', 'Status'], rows)}</section>`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((name) => `<th scope="col">${escape(name)}</th>`).join('');
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function code(text: string): string {
  return `<code>${escape(text)}</code>`;
}

/** Backticks become code; nothing else of Markdown is used. */
function markdown(text: string): string {
  return escape(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll('\n\n', '</p><p>');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}

function anchor(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9-]+/g, '-');
}

function resolved(schema: Json | undefined, document: JsonObject): Json {
  const ref = textAt(schema, ['$ref']);
  return ref.startsWith('#/') ? (valueAt(document, ref.slice(2).split('/')) ?? {}) : (schema ?? {});
}

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => {
    const object = asObject(at);
    return Object.hasOwn(object, key) ? object[key] : undefined;
  }, value);
}

function textAt(value: Json | undefined, path: readonly string[]): string {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : '';
}

function asObject(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !isList(value) ? value : {};
}

function asList(value: Json | undefined): readonly Json[] {
  return value !== undefined && isList(value) ? value : [];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
