import { randomBytes } from 'node:crypto';
import { type AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import Koa from 'koa';
import { Pool } from 'undici';
import { startCordon } from '../../src/compose/cordon.ts';
import { type Config, loadConfig } from '../../src/config/load.ts';
import { type Ledger } from '../../src/domain/record.ts';
import { type PolicyEngine } from '../../src/domain/policy.ts';
import { type Principal } from '../../src/domain/principal.ts';
import { type Detector } from '../../src/domain/span.ts';
import { createDetector } from '../../src/detect/detector.ts';
import { defaultRecognizers } from '../../src/detect/default-recognizers.ts';
import { createLog } from '../../src/telemetry/log.ts';

/**
 * `variant-server <variant> <runner url> <data directory>`: one proxy, each variant with one layer more than the one
 * before. Layers that are off are replaced by parts that do nothing, so that what is left is the layer's own cost.
 */
const [variant = '', runnerUrl = '', dataDirectory = ''] = process.argv.slice(2);

const PRINCIPAL: Principal = {
  issuer: 'bench',
  tenant: 'bench',
  subject: 'bench',
  roles: ['user'],
  groups: [],
  client: undefined,
  purposes: [],
  tokenId: undefined,
  expiresAt: Number.MAX_SAFE_INTEGER,
};
const NO_LEDGER: Ledger = {
  begin: () => Promise.resolve(),
  finish: () => Promise.resolve(),
  note: () => Promise.resolve(),
};
const NO_DETECTOR: Detector = {
  version: 'none',
  detect: (requests) => Promise.resolve(requests.map(() => [])),
};
const NO_POLICY: PolicyEngine = {
  current: () => ({
    hash: 'none',
    admit: () => ({ allow: true, reason: 'matched_allow', ruleIds: [] }),
    explain: () => {
      throw new TypeError('nobody asks');
    },
    grantsOpaque: () => ({ allow: false, reason: 'no_matching_allow', ruleIds: [] }),
    handle: () => ({ handling: 'pseudonymise', ruleId: 'none' }),
    handleOutput: () => ({ handling: 'disclose', ruleId: 'none' }),
    outputReading: () => 'nothing',
  }),
};

/** The least that a proxy on the same libraries can do: the yardstick, not a part of Cordon. */
function bareProxy(): Promise<string> {
  const url = new URL(runnerUrl);
  const pool = new Pool(url.origin, { connections: 128 });
  const app = new Koa();
  app.use(async (ctx) => {
    const response = await pool.request({
      path: url.pathname + ctx.path.replace(/^\/v1/, ''),
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ctx.req,
    });
    ctx.type = 'application/json';
    ctx.body = response.body;
  });
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

function detectorOf(config: Config): Detector {
  if (variant === 'http' || variant === 'auth') return NO_DETECTOR;
  const recognizers = defaultRecognizers({ phoneRegions: config.detection.phone_regions });
  return createDetector({ ner: undefined, recognizers, cacheKey: randomBytes(32), timeoutMs: 10_000 });
}

async function cordon(): Promise<{ url: string; token: string }> {
  const config = loadConfig({
    CORDON_DATA_DIR: dataDirectory,
    CORDON_PORT: '0',
    CORDON_ADMIN_PORT: '0',
    CORDON_RUNNER_URL: runnerUrl,
  });
  const started = await startCordon(config, {
    log: createLog({ level: 'silent' }),
    replace: {
      ...(variant === 'http' ? { policy: NO_POLICY, authenticate: () => Promise.resolve(PRINCIPAL) } : {}),
      ...(['ner', 'ledger'].includes(variant) ? {} : { detector: () => detectorOf(config) }),
      ...(['ledger', 'no-ner'].includes(variant) ? {} : { ledger: () => NO_LEDGER }),
    },
  });
  process.once('SIGTERM', () => {
    void started.stop('bench').then(() => process.exit(0));
  });
  return { url: started.url, token: await started.issueDevToken({ subject: 'bench', tenant: 'bench' }) };
}

const ready = variant === 'bare' ? { url: await bareProxy(), token: '' } : await cordon();
process.send?.(ready);
