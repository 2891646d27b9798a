import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import path from 'node:path';
import { openCheckpointKey, readCheckpoints } from '../../src/compose/checkpoints.ts';
import { loadConfig } from '../../src/config/load.ts';
import { startTestCordon, temporaryDirectory, type TestCordon } from '../support/cordon.ts';
import { Callers, examine, type FaultReport, startSlowUpstream, until } from './scene.ts';

const CALLS = 40;

/** One checkpoint sink takes everything and never answers; calls go on, and the other sink gets its checkpoints. */
export async function deadSink(): Promise<FaultReport & { readonly checkpoints: number }> {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const dataDirectory = temporaryDirectory();
  const file = path.join(dataDirectory, 'witness.txt');
  const configFile = path.join(dataDirectory, 'cordon.yaml');
  writeFileSync(
    configFile,
    [
      'checkpoints:',
      '  every_ms: 100',
      '  sink_deadline_ms: 500',
      '  sinks:',
      `    - { webhook: 'http://127.0.0.1:${port}/' }`,
      `    - { file: '${file}' }`,
      '',
    ].join('\n'),
  );
  const upstream = await startSlowUpstream();
  const callers = new Callers();
  const env = { CORDON_CONFIG: configFile };
  let cordon: TestCordon | undefined;
  try {
    cordon = await startTestCordon({ dataDirectory, runnerUrl: upstream.url, env });
    const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
    for (let call = 0; call < CALLS; call++) await callers.stream(cordon.url, token);
    const config = loadConfig({ ...env, CORDON_DATA_DIR: dataDirectory });
    const signer = await openCheckpointKey(config);
    // The last call's records are covered by the working sink within its interval and deadline.
    const decided = 2 * callers.acknowledged.length;
    await until('the working sink covers every record', 30, () => sizeIn(file) > decided);
    const { checkpoints } = await readCheckpoints([file], [signer]);
    const witnessed = await cordon.audit.verify({ decrypt: false, checkpoints });
    const report = await examine(cordon.audit, upstream, callers);
    return {
      ...report,
      problems: report.problems + witnessed.problems.length,
      checkpoints: witnessed.checkpoints,
    };
  } finally {
    await cordon?.dispose();
    await upstream.close();
    silent.closeAllConnections();
    silent.close();
  }
}

/** The size of the newest tree that the file holds a checkpoint of. */
function sizeIn(file: string): number {
  const sizes = readFileSync(file, 'utf8').matchAll(/^[^\n]+\/[0-9a-f-]{36}\n(\d+)\n/gm);
  return Math.max(0, ...[...sizes].map((match) => Number(match[1])));
}
