import path from 'node:path';
import { Command } from 'commander';
import { localModelOptions, modelDirectory } from '../../compose/detection.ts';
import { loadModelServerConfig } from '../../config/load.ts';
import { loadNerEngine } from '../../detect/ner/load.ts';
import { pinModel } from '../../detect/ner/pin.ts';
import { print } from '../output.ts';

interface PinOptions {
  readonly name?: string;
  readonly modelVersion?: string;
  readonly source?: string;
  readonly licence?: string;
  readonly force?: boolean;
}

export function modelCommand(): Command {
  const command = new Command('model').description('models that find names');
  command
    .command('pin')
    .argument('<folder>', 'a folder below models/, or a path to one')
    .option('--name <name>', 'what records call it; the name of its folder when not given')
    .option('--model-version <version>', 'its version; the beginning of its digest when not given')
    .option('--source <text>', 'where it was fetched')
    .option('--licence <name>', 'its licence')
    .option('--force', 'replace the MANIFEST.json that is there')
    .description('write MANIFEST.json: from then on a changed file refuses to load')
    .action(async (folder: string, options: PinOptions) => {
      const directory = modelDirectory(folder, process.cwd());
      const { modelVersion: version, ...rest } = options;
      const pinned = await pinModel(directory, { ...rest, ...(version === undefined ? {} : { version }) });
      print(`Pinned ${pinned.files} files of ${pinned.name}@${pinned.version} in ${directory}.`);
      print('To pin the manifest too, put this in the configuration:');
      print(`detection: { model: ${path.basename(directory)}, manifest_sha256: ${pinned.manifestSha256} }`);
    });
  command
    .command('check')
    .argument('[folder]', 'a folder below models/, or a path to one; the configured model when not given')
    .description('load a model as the proxy would; say where it runs, how fast, and what was not taken')
    .action(async (folder: string | undefined) => {
      const config = loadModelServerConfig();
      const options = localModelOptions(config, () => undefined);
      const chosen = folder === undefined ? {} : { directory: modelDirectory(folder, process.cwd()) };
      const engine = await loadNerEngine({ ...options, ...chosen });
      const { provider, unitsPerSecond, refused } = engine.report;
      print(`${engine.version} on ${provider}, ${unitsPerSecond.toLocaleString('en')} tokens/s`);
      for (const one of refused) print(`  not on ${one.provider}: ${one.reason}`);
      await engine.close();
    });
  return command;
}
