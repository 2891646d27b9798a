import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Config, type SinkConfig } from '../config/load.ts';
import { type NoteSigner, type NoteVerifier } from '../crypto/signed-note.ts';
import { openOrCreateSigningKeyFile, openSigningKeyFile } from '../crypto/signing-key-file.ts';
import { type Checkpoint, openCheckpoint } from '../ledger/tree/checkpoint.ts';
import { type Checkpointer, type TreeStore, createCheckpointer } from '../ledger/tree/checkpointer.ts';
import { readNotes } from '../ledger/tree/notes.ts';
import { type CheckpointSink } from '../ledger/tree/outlet.ts';
import { type Log } from '../telemetry/log.ts';
import { fileSink } from '../witness/file.ts';
import { syslogSink } from '../witness/syslog.ts';
import { webhookSink } from '../witness/webhook.ts';
import { unusable } from './unusable.ts';

/** In development, checkpoints go to this file of the data directory when no sink is configured. */
const DEVELOPMENT_SINK = 'checkpoints.txt';

/** The key that signs checkpoints; in development one in the data directory, made when it is not there. */
export async function openCheckpointKey(config: Config): Promise<NoteSigner> {
  const file = config.checkpoints.key_file;
  if (file === undefined) {
    return openOrCreateSigningKeyFile(path.join(config.dataDirectory, 'checkpoint-key.pem'), config.origin);
  }
  try {
    return await openSigningKeyFile(path.resolve(config.baseDirectory, file), config.origin);
  } catch (error) {
    throw unusable('checkpoints.key_file: the key', error);
  }
}

export async function openCheckpointer(config: Config, store: TreeStore, log: Log): Promise<Checkpointer> {
  const { sinks, every_ms: everyMs, every_records: everyRecords } = config.checkpoints;
  const inDevelopment: SinkConfig = {
    kind: 'file',
    path: path.join(config.dataDirectory, DEVELOPMENT_SINK),
  };
  return createCheckpointer({
    origin: config.origin,
    signer: await openCheckpointKey(config),
    store,
    sinks: (sinks.length === 0 ? [inDevelopment] : sinks).map(toSink),
    now: () => Date.now(),
    everyMs,
    everyRecords,
    sinkDeadlineMs: config.checkpoints.sink_deadline_ms,
    onEvent: (event) => {
      if (event.event === 'checkpoint_failed') log({ event: 'checkpoint_failed', sink: event.sink });
    },
  });
}

/** What the sinks' files say, for verification: the notes that `verifiers` signed, and how many they did not. */
export async function readCheckpoints(
  files: readonly string[],
  verifiers: readonly NoteVerifier[],
): Promise<{ readonly checkpoints: readonly Checkpoint[]; readonly refused: number }> {
  const checkpoints: Checkpoint[] = [];
  let refused = 0;
  for (const file of files) {
    const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
    for await (const note of readNotes(lines)) {
      const checkpoint = openCheckpoint(note, verifiers);
      if (checkpoint === undefined) refused += 1;
      else checkpoints.push(checkpoint);
    }
  }
  return { checkpoints, refused };
}

/** The files that file sinks of this configuration write, as far as they are there. */
export function checkpointFiles(config: Config): readonly string[] {
  const own = config.checkpoints.sinks.flatMap((sink) => (sink.kind === 'file' ? [sink.path] : []));
  const development = path.join(config.dataDirectory, DEVELOPMENT_SINK);
  return (own.length === 0 ? [development] : own).filter((file) => existsSync(file));
}

function toSink(sink: SinkConfig): CheckpointSink {
  if (sink.kind === 'file') return fileSink(sink.path);
  if (sink.kind === 'syslog') return syslogSink(sink);
  return webhookSink({ url: sink.url, token: sink.token?.reveal() });
}
