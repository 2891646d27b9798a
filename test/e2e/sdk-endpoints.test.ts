import test from 'ava';
import { type JsonObject } from '../../src/domain/json.ts';
import { startTestCordon, type TestCordon } from '../support/cordon.ts';
import { type Endpoint, endpointsOf } from '../support/sdk-methods.ts';
import { type CapturingUpstream, startUpstream } from '../support/upstream.ts';

const VENDORS = {
  openai: { endpoints: endpointsOf('node_modules/openai/resources', '/v1'), leastServed: 17 },
  anthropic: { endpoints: endpointsOf('node_modules/@anthropic-ai/sdk/resources', '/v1'), leastServed: 4 },
};

let upstream: CapturingUpstream;
let cordon: TestCordon;
let token: string;
/** `GET /v1/models/{id}` */
let served: readonly { readonly method: string; readonly path: RegExp }[];

test.before(async () => {
  upstream = await startUpstream();
  cordon = await startTestCordon({ runnerUrl: upstream.url });
  token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  const { paths } = (await (await fetch(`${cordon.url}/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, JsonObject>>;
  };
  served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
    })),
  );
});

test.after.always(async () => {
  await cordon.dispose();
  await upstream.close();
});

function isServed({ method, path }: Endpoint): boolean {
  return served.some((route) => route.method === method && route.path.test(path));
}

for (const [vendor, { endpoints, leastServed }] of Object.entries(VENDORS)) {
  test.serial(
    `${vendor}: each endpoint that its client knows is served, or refused by name and told to nobody`,
    async (t) => {
      t.true(endpoints.length >= 250, `${endpoints.length}`);
      const counts = { served: 0, refused: 0 };
      for (const endpoint of endpoints) {
        const { method, path } = endpoint;
        if (isServed(endpoint)) {
          counts.served += 1;
          continue;
        }
        const response = await fetch(cordon.url + path, {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }),
        });
        const { error } = (await response.json()) as { readonly error: { readonly code: string } };
        // Another method of a path that is there.
        const wanted = response.status === 405 ? 'method_not_allowed' : 'endpoint_not_inspected';
        t.is(error.code, wanted, `${method} ${path}`);
        t.true([405, 501].includes(response.status), `${method} ${path}: ${response.status}`);
        counts.refused += 1;
      }
      t.log(`${endpoints.length} endpoints: ${counts.served} served, ${counts.refused} refused`);
      t.true(counts.served >= leastServed, `${counts.served}`);
      t.is(upstream.received.length, 0);
    },
  );
}
