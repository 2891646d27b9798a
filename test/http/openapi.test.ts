import { createHash } from 'node:crypto';
import test from 'ava';
import { OPERATIONS } from '../../src/compose/policy-files.ts';
import { ERROR_STATUS, type ErrorCode } from '../../src/domain/errors.ts';
import { type Json, type JsonObject } from '../../src/domain/json.ts';
import { createOpenapi } from '../../src/http/openapi/document.ts';
import { DOCS_STYLE, renderDocs } from '../../src/http/openapi/page.ts';
import { createRouter, routerPath, type Route } from '../../src/http/route-table.ts';
import { declareDataPlane } from '../../src/http/routes.ts';
import { accepts, listOf, objectOf, resolve, textOf } from './accepts.ts';

function notCalled(): never {
  throw new Error('no route is called here');
}

const ROUTES = declareDataPlane({
  readiness: { check: notCalled },
  exposeMetrics: notCalled,
  circuits: () => ({}),
  bodyBudget: notCalled,
  handle: notCalled,
  list: notCalled,
  listChats: notCalled,
  createId: notCalled,
  guard: notCalled,
  callTimeoutMs: 1,
  cutOff: new AbortController().signal,
  metricsHere: true,
  docsHere: true,
  version: '1.2.3',
});
const DOCUMENT = createOpenapi(ROUTES, '1.2.3');

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operation: JsonObject;
}

function operationsOf(document: JsonObject): readonly Operation[] {
  return Object.entries(objectOf(document['paths'])).flatMap(([path, item]) =>
    Object.entries(objectOf(item)).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation: objectOf(operation),
    })),
  );
}

/** Every object in a JSON value, with its pointer. */
function* objectsIn(value: Json, pointer = ''): Generator<readonly [string, JsonObject]> {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value)) yield [pointer, objectOf(value)];
  for (const [key, member] of Object.entries(value) as [string, Json][])
    yield* objectsIn(member, `${pointer}/${key}`);
}

test('the router answers what the document says, and the document says what the router answers', (t) => {
  const routed = createRouter(ROUTES).stack.flatMap(({ path, methods }) =>
    // A layer of every method is the one that refuses the others.
    methods.length > 10
      ? []
      : methods.filter((m) => m !== 'HEAD').map((method) => `${method} ${String(path)}`),
  );
  const described = operationsOf(DOCUMENT).map(({ method, path }) => {
    const route = ROUTES.find((one) => one.path === path);
    return `${method} ${routerPath(route ?? { path })}`;
  });
  t.true(described.length >= 20);
  t.deepEqual([...routed].sort(), [...described].sort());
});

test('references resolve, operation ids are single, path parameters are declared, security is defined', (t) => {
  for (const [pointer, object] of objectsIn(DOCUMENT)) {
    const ref = object['$ref'];
    if (typeof ref === 'string') t.notThrows(() => resolve(ref, DOCUMENT), pointer);
  }
  const schemes = Object.keys(objectOf(objectOf(DOCUMENT['components'])['securitySchemes']));
  const ids = new Set<string>();
  for (const { path, operation } of operationsOf(DOCUMENT)) {
    const id = textOf(operation['operationId']);
    t.false(ids.has(id), id);
    ids.add(id);
    const declared = (operation['parameters'] === undefined ? [] : listOf(operation['parameters']))
      .map(objectOf)
      .filter((parameter) => parameter['in'] === 'path');
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    t.deepEqual(
      declared.map((parameter) => parameter['name']),
      named,
    );
    t.true(declared.every((parameter) => parameter['required'] === true));
    for (const scheme of listOf(operation['security']).flatMap((one) => Object.keys(objectOf(one))))
      t.true(schemes.includes(scheme));
    const statuses = Object.keys(objectOf(operation['responses']));
    t.true(statuses.includes('200') && statuses.every((status) => /^[2-5]\d\d$/.test(status)), path);
    for (const response of Object.values(objectOf(operation['responses'])))
      t.is(typeof objectOf(response)['description'], 'string');
  }
  t.is(DOCUMENT['openapi'], '3.1.0');
  t.deepEqual(Object.keys(DOCUMENT), ['openapi', 'info', 'servers', 'tags', 'paths', 'components']);
});

test('every error code is there with its status, and each answer names only codes of its status', (t) => {
  const { code } = objectOf(objectOf(resolve('#/components/schemas/PlainError', DOCUMENT))['properties']);
  t.deepEqual(listOf(objectOf(code)['enum']), Object.keys(ERROR_STATUS));
  for (const [name, status] of Object.entries(ERROR_STATUS))
    t.true(textOf(objectOf(code)['description']).includes(`${name}: ${status}`));
  for (const { path, operation } of operationsOf(DOCUMENT)) {
    for (const [status, response] of Object.entries(objectOf(operation['responses']))) {
      const codes = objectOf(response)['x-cordon-codes'];
      for (const name of codes === undefined ? [] : listOf(codes))
        t.is(String(ERROR_STATUS[name as ErrorCode]), status, `${path} ${textOf(name)}`);
    }
  }
  const open = ROUTES.filter(({ access }) => access === 'open').map(({ path }) => path);
  t.deepEqual(open, ['/health', '/healthz', '/readyz', '/metrics', '/openapi.json', '/docs']);
  for (const route of ROUTES.filter(({ access }) => access === 'token'))
    t.true(route.refusals.includes('unauthenticated') && route.operation !== undefined, route.path);
});

test('each operation of a route is one that a policy may name, and the other way round', (t) => {
  const named = new Set(ROUTES.map(({ operation }) => operation).filter((one) => one !== undefined));
  t.deepEqual([...named].sort(), [...OPERATIONS].sort());
});

function bodySchema({ operation }: Operation): Json | undefined {
  const body = operation['requestBody'];
  if (body === undefined) return undefined;
  return objectOf(objectOf(objectOf(body)['content'])['application/json'])['schema'];
}

test('a schema accepts its own examples, and not one with a member that nobody knows in a dialect', (t) => {
  let seen = 0;
  for (const found of operationsOf(DOCUMENT)) {
    const schema = bodySchema(found);
    const route = ROUTES.find(({ path, method }) => path === found.path && method === found.method);
    if (schema === undefined || route?.request === undefined) continue;
    for (const [name, { value }] of Object.entries(route.request.examples)) {
      seen++;
      t.true(accepts(schema, value, DOCUMENT), `${found.path} ${name}`);
      if ('shape' in route.request.body)
        t.false(accepts(schema, { ...value, nobody_knows: 'x' }, DOCUMENT), found.path);
      t.false(accepts(schema, [value], DOCUMENT), found.path);
    }
  }
  t.true(seen >= 14);
});

test('the schema of a dialect says of a string what is done with it', (t) => {
  const chat = operationsOf(DOCUMENT).find(({ path }) => path === '/v1/chat/completions');
  const schema = objectOf(chat === undefined ? undefined : bodySchema(chat));
  const member = (name: string) => objectOf(objectOf(schema['properties'])[name]);
  t.is(member('model')['x-cordon'], 'structure');
  t.is(objectOf(listOf(member('user')['anyOf'])[0])['x-cordon'], 'identifier');
  t.is(objectOf(listOf(member('stop')['anyOf'])[0])['x-cordon'], 'text');
  const roles = JSON.stringify(member('messages'));
  t.regex(roles, /"enum":\["developer","system","user","assistant","tool","function"\]/);
  t.regex(JSON.stringify(DOCUMENT), /"x-cordon":"opaque"/);
});

test('the page shows every route, its links lead somewhere, and it brings nothing with it', (t) => {
  const page = renderDocs(DOCUMENT, ROUTES);
  for (const { id, path } of ROUTES) {
    t.true(page.includes(`id="${id}"`), id);
    t.true(page.includes(`<code>${path}</code>`), path);
  }
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const [, target = ''] of page.matchAll(/href="#([^"]+)"/g)) t.true(ids.has(target), target);
  t.deepEqual(
    [...page.matchAll(/(?:href|src)="([^#"][^"]*)"/g)].map(([, address]) => address),
    ['/openapi.json'],
  );
  t.notRegex(page, /<script|<link|<img|<iframe|<form|@import|url\(|\son\w+=|style="/i);
  t.regex(page, /name="viewport"/);
  t.is(page.split('<style>').length, 2);
  t.true(page.includes(`<style>${DOCS_STYLE}</style>`));
  t.true(createHash('sha256').update(DOCS_STYLE).digest('base64').length > 0);
});

test('what routes say is text on the page, whatever it looks like', (t) => {
  const hostile = '<script>alert(1)</script>"\'&';
  const route: Route = {
    id: 'x',
    method: 'POST',
    path: '/x',
    access: 'token',
    errors: 'openai',
    tag: hostile,
    summary: hostile,
    description: hostile,
    operation: hostile,
    parameters: [{ name: hostile, in: 'query', description: hostile }],
    request: {
      body: {
        schema: { type: 'object', properties: { [hostile]: { type: 'string', description: hostile } } },
      },
      examples: { x: { summary: hostile, value: { text: `${hostile} it's` } } },
    },
    answers: { 200: { description: hostile, content: { [hostile]: {} } } },
    refusals: [],
    handle: notCalled,
  };
  const page = renderDocs(createOpenapi([route], hostile), [route]);
  t.false(page.includes('<script'));
  t.false(page.includes('alert(1)</script>'));
  t.true(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  t.true(page.includes(String.raw`it&#39;\&#39;&#39;s`));
});
