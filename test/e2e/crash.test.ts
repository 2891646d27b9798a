import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type AuditView } from '../../src/compose/audit-view.ts';
import {
  type TestCordon,
  postChat,
  startTestCordon,
  temporaryDirectory,
  userMessage,
} from '../support/cordon.ts';
import { PLANTED } from '../support/planted.ts';
import { startProcess } from '../support/process.ts';
import { type CapturingUpstream, chunk, startStream, startUpstream } from '../support/upstream.ts';

const PROCESS_KILLS = 20;
const DATABASE_KILLS = 5;
const STREAMS = 4;

/** A stream of twenty pieces, five milliseconds apart, so that there is a middle to be killed in. */
async function startSlowUpstream(): Promise<CapturingUpstream> {
  return startUpstream(async (_, response) => {
    startStream(response);
    for (let i = 0; i < 20 && !response.destroyed; i++) {
      response.write(chunk({ content: `piece ${i} ` }));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    response.write(chunk({}, 'stop'));
    response.end('data: [DONE]\n\n');
  });
}

/** Request ids of calls whose caller saw the terminator: their records are promised. */
async function stream(url: string, token: string): Promise<string | undefined> {
  try {
    const response = await postChat(
      { url },
      token,
      userMessage(`write to ${PLANTED.email}`, { stream: true }),
    );
    const text = await response.text();
    return text.endsWith('data: [DONE]\n\n')
      ? (response.headers.get('cordon-request-id') ?? undefined)
      : undefined;
  } catch {
    return undefined;
  }
}

function forwardedIds(upstream: CapturingUpstream): readonly string[] {
  return upstream.received.map((request) => String(request.headers['x-request-id']));
}

/** Nothing forwarded without its DECISION, nothing acknowledged without its COMPLETION, everything closed. */
async function checkRecords(
  t: ExecutionContext,
  audit: AuditView,
  forwarded: readonly string[],
  acknowledged: readonly string[],
): Promise<void> {
  const result = await audit.verify({ decrypt: true });
  t.deepEqual(result.problems, []);
  t.is(result.pairing.open, 0);
  t.is(result.pairing.orphans, 0);
  t.is(result.pairing.duplicates, 0);
  let undecided = 0;
  let lost = 0;
  for (const id of forwarded) if ((await audit.show(id))?.decision === undefined) undecided += 1;
  for (const id of acknowledged)
    if ((await audit.show(id))?.completion?.data['outcome'] !== 'complete') lost += 1;
  t.is(undecided, 0, 'forwarded without DECISION');
  t.is(lost, 0, 'acknowledged and lost');
  t.true(forwarded.length > 0);
}

test.serial(`kill -9 of the process mid-stream, ${PROCESS_KILLS} times`, async (t) => {
  t.timeout(300_000);
  const upstream = await startSlowUpstream();
  const dataDirectory = temporaryDirectory();
  const acknowledged: string[] = [];
  let interrupted = 0;
  for (let round = 0; round < PROCESS_KILLS; round++) {
    const cordon = await startProcess({
      CORDON_DATA_DIR: dataDirectory,
      CORDON_PORT: '0',
      CORDON_ADMIN_PORT: '0',
      CORDON_RUNNER_URL: upstream.url,
    });
    const token = /Bearer (\S+)'/.exec(cordon.output())?.[1] ?? '';
    const before = upstream.received.length;
    const calls = Array.from({ length: STREAMS }, () => stream(cordon.url, token));
    // Somewhere between the first call's arrival at the runner and the end of the last stream.
    while (upstream.received.length === before) await new Promise((resolve) => setTimeout(resolve, 2));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
    await cordon.kill('SIGKILL');
    const ids = await Promise.all(calls);
    interrupted += ids.filter((id) => id === undefined).length;
    acknowledged.push(...ids.filter((id) => id !== undefined));
  }
  t.true(interrupted > 0);
  t.true(forwardedIds(upstream).length >= PROCESS_KILLS);
  const last: TestCordon = await startTestCordon({ dataDirectory, runnerUrl: upstream.url });
  await checkRecords(t, last.audit, forwardedIds(upstream), acknowledged);
  t.log(
    `${forwardedIds(upstream).length} forwarded, ${acknowledged.length} acknowledged, ${interrupted} interrupted`,
  );
  await last.dispose();
  await upstream.close();
  rmSync(dataDirectory, { recursive: true, force: true });
});

test.serial(`kill -9 of Postgres under load, ${DATABASE_KILLS} times`, async (t) => {
  t.timeout(300_000);
  const upstream = await startSlowUpstream();
  const cordon = await startTestCordon({ runnerUrl: upstream.url });
  const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  const acknowledged: string[] = [];
  let refused = 0;
  let running = true;
  const callers = Array.from({ length: STREAMS }, async () => {
    while (running) {
      const id = await stream(cordon.url, token);
      if (id === undefined) refused += 1;
      else acknowledged.push(id);
    }
  });
  for (let round = 0; round < DATABASE_KILLS; round++) {
    await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 300));
    const pid = Number(
      readFileSync(path.join(cordon.dataDirectory, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    process.kill(pid, 'SIGKILL');
    const before = acknowledged.length;
    for (let i = 0; i < 600 && acknowledged.length < before + STREAMS; i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    t.true(acknowledged.length >= before + STREAMS, 'calls are served again after the database came back');
  }
  running = false;
  await Promise.all(callers);
  const { dataDirectory } = cordon;
  await cordon.stop('test');
  const last = await startTestCordon({ dataDirectory, runnerUrl: upstream.url });
  await checkRecords(t, last.audit, forwardedIds(upstream), acknowledged);
  t.log(
    `${forwardedIds(upstream).length} forwarded, ${acknowledged.length} acknowledged, ${refused} refused`,
  );
  await last.dispose();
  await upstream.close();
});
