import { userInfo } from 'node:os';
import { type Config } from '../config/load.ts';
import { type Deks } from '../crypto/deks.ts';
import { type Keyring } from '../crypto/keyring.ts';
import { type DumpedSource } from '../ledger/dump/write.ts';
import { type RecordFilter, type RecordSource } from '../ledger/ports.ts';
import { type TreeSource } from '../ledger/tree/chain-nodes.ts';
import { type AuditCall, type AuditListItem, type AuditReader, createAuditReader } from '../ledger/read.ts';
import { type Verification, verifyLedger } from '../ledger/verify.ts';
import { type Checkpoint } from '../ledger/tree/checkpoint.ts';
import { createRecordSource } from '../store/record-source.ts';
import { countUnpartitioned } from '../store/retention-store.ts';
import { createTreeSource } from '../store/tree-source.ts';
import { createPool } from '../store/session.ts';
import { createCloser } from './closer.ts';
import { type Database, openDatabaseBeside } from './database.ts';
import { openDeks } from './deks.ts';
import { openKeyring } from './keys.ts';
import { openLedger, type OpenLedger } from './ledger.ts';

/** Reading the audit, with the reader's rights. */
export interface AuditView {
  /** Newest first. */
  list(
    filter: RecordFilter,
    limit: number,
  ): Promise<{ readonly items: readonly AuditListItem[]; readonly next: string | undefined }>;
  /** Everything about one request, decrypted; undefined when nothing is recorded. */
  show(requestId: string, tenant?: string): Promise<AuditCall | undefined>;
  verify(options: {
    readonly decrypt: boolean;
    readonly checkpoints?: readonly Checkpoint[];
    readonly onProgress?: (records: number) => void;
  }): Promise<Verification>;
  /** Records that no monthly partition took, which retention therefore never drops. */
  unpartitioned(): Promise<number>;
  readonly sources: AuditSources;
  close(): Promise<void>;
}

/** What exports, proofs and dumps are made from. */
export interface AuditSources {
  readonly source: RecordSource;
  readonly trees: TreeSource & Pick<DumpedSource, 'checkpoints'>;
  readonly reader: AuditReader;
  readonly deks: Deks;
}

/** Reading pages of many records may take longer than one append may. */
const READ_DEADLINE_MS = 60_000;

export function openAuditView(database: Database, keyring: Keyring): AuditView {
  const access = {
    url: database.url('cordon_reader'),
    role: 'cordon_reader',
    deadlineMs: READ_DEADLINE_MS,
  } as const;
  const pool = createPool({ ...access, max: 2 });
  const source = createRecordSource(pool);
  const deks = openDeks({ ...access, pool, keyring });
  const reader = createAuditReader({ source, deks });
  return {
    sources: { source, trees: createTreeSource(pool), reader, deks },
    list: (filter, limit) => reader.list(filter, limit),
    show: (requestId, tenant) => reader.show(requestId, tenant),
    verify: ({ decrypt, checkpoints = [], onProgress }) =>
      verifyLedger({
        source,
        checkpoints,
        ...(decrypt ? { deks } : {}),
        ...(onProgress === undefined ? {} : { onProgress }),
      }),
    unpartitioned: () => countUnpartitioned(pool),
    async close(): Promise<void> {
      await deks.close();
      await pool.end();
    },
  };
}

export interface RecordedAuditView extends AuditView {
  /** Records that this command reads something else of the audit. */
  noteReading(what: string, data: Readonly<Record<string, string>>): Promise<void>;
}

/** For commands beside a running Cordon. Reading the audit is audited: who opened what is a record of its own. */
export async function openRecordedAuditView(config: Config): Promise<RecordedAuditView> {
  const closer = createCloser();
  try {
    const database = closer.add(await openDatabaseBeside(config));
    const keyring = closer.add(await openKeyring(config));
    const view = closer.add(openAuditView(database, keyring));
    let own: Promise<OpenLedger> | undefined;
    const note = async (what: string, data: Readonly<Record<string, string>>): Promise<void> => {
      own ??= openLedger(config, database, keyring, () => undefined).then((opened) => closer.add(opened));
      const { username } = userInfo();
      const { ledger } = await own;
      await ledger.note({
        type: 'AUDIT_READ',
        atMs: Date.now(),
        tenant: '',
        data: { what, reader: username, ...data },
      });
    };
    return {
      ...view,
      noteReading: note,
      async list(filter, limit) {
        await note('list', {});
        return view.list(filter, limit);
      },
      async show(requestId) {
        await note('show', { requestId: /^[0-9a-f-]{1,64}$/.test(requestId) ? requestId : 'malformed' });
        return view.show(requestId);
      },
      close: () => closer.close(),
    };
  } catch (error) {
    await closer.close().catch(() => undefined);
    throw error;
  }
}
