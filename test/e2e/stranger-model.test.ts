import { rmSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import { postChat, startTestCordon, temporaryDirectory, userMessage } from '../support/cordon.ts';
import { BIO, hfFiles, writeFolder } from '../support/ner-folder.ts';
import { runCli } from '../support/process.ts';
import { startUpstream } from '../support/upstream.ts';

/** A Hugging Face export that takes `maria` for a person, `paris` for a place and `opera` for something else. */
const folder = (): Promise<string> => writeFolder(hfFiles(BIO));
const TEXT = 'maria lives in paris and opera';

interface Found {
  readonly spans: readonly { readonly entity: string; readonly recognizer: string }[];
}

test('`cordon detect --model` reads with a folder that was dropped in', async (t) => {
  const directory = await folder();
  const { code, stdout, stderr } = await runCli(['detect', '--json', '--model', directory], {}, TEXT);
  t.is(code, 0, stderr);
  const { spans } = JSON.parse(stdout) as Found;
  t.deepEqual(
    spans.map(({ entity }) => entity),
    ['PERSON', 'LOCATION'],
  );
  t.true(spans.every(({ recognizer }) => recognizer === `ner:${path.basename(directory)}`));
  await rm(path.join(directory, 'tokenizer.json'));
  const broken = await runCli(['detect', '--json', '--model', directory], {}, TEXT);
  t.is(broken.code, 2);
  t.is(broken.stdout, '');
  t.regex(broken.stderr, /no tokenizer\.json; export the model with its fast tokenizer/);
  await rm(directory, { recursive: true });
});

test('`cordon model pin` and `check`: what they print is the configuration that holds the model fast', async (t) => {
  const directory = await folder();
  const pinned = await runCli(['model', 'pin', directory, '--name', 'stranger', '--model-version', '7'], {});
  t.is(pinned.code, 0, pinned.stderr);
  t.regex(pinned.stdout, /Pinned 4 files of stranger@7/);
  const sha256 = /manifest_sha256: ([0-9a-f]{64})/.exec(pinned.stdout)?.[1] ?? '';
  const config = path.join(directory, 'cordon.yaml');
  writeFileSync(config, `detection: { model: '${directory}', provider: cpu, manifest_sha256: ${sha256} }\n`);
  const env = { CORDON_CONFIG: config };
  const checked = await runCli(['model', 'check'], env);
  t.is(checked.code, 0, checked.stderr);
  t.regex(checked.stdout, /^ner:stranger@7 on cpu, [\d,]+ tokens\/s/);
  const again = await runCli(['model', 'pin', directory], {});
  t.is(again.code, 2);
  t.regex(again.stderr, /--force replaces it/);
  await writeFile(path.join(directory, 'config.json'), '{}');
  const changed = await runCli(['model', 'check'], env);
  t.is(changed.code, 2);
  t.regex(changed.stderr, /config\.json is not the file that MANIFEST\.json names/);
  await rm(directory, { recursive: true });
});

test('a proxy protects with it, and calls things as the operator says', async (t) => {
  const directory = await folder();
  const home = temporaryDirectory();
  const config = path.join(home, 'cordon.yaml');
  writeFileSync(config, `detection: { model: '${directory}', entity_map: { PER: PERSON, MISC: EVENT } }\n`);
  const upstream = await startUpstream();
  const cordon = await startTestCordon({ runnerUrl: upstream.url, env: { CORDON_CONFIG: config } });
  const token = await cordon.issueDevToken({ subject: 'alice', tenant: 'acme' });
  t.is((await postChat(cordon, token, userMessage(TEXT))).status, 200);
  t.notRegex(upstream.bytes(), /maria|opera/);
  t.regex(upstream.bytes(), /<PERSON_1>.*<EVENT_1>/);
  await cordon.dispose();
  await upstream.close();
  rmSync(home, { recursive: true });
  await rm(directory, { recursive: true });
});

test('in production a model that nobody pinned is refused', async (t) => {
  const directory = await folder();
  const config = path.join(directory, 'cordon.yaml');
  writeFileSync(config, `environment: production\ndetection: { model: '${directory}', provider: cpu }\n`);
  const refused = await runCli(['serve-model'], { CORDON_CONFIG: config, CORDON_MODEL_SERVER_PORT: '0' });
  t.is(refused.code, 2);
  t.regex(refused.stderr, /no MANIFEST\.json.*cordon model pin/);
  await rm(directory, { recursive: true });
});
