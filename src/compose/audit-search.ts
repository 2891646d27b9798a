import { type Config } from '../config/load.ts';
import { createDeks } from '../crypto/deks.ts';
import { type Keyring } from '../crypto/keyring.ts';
import { type AuditReader, createAuditReader } from '../ledger/read.ts';
import { type FactSource } from '../ledger/search/ports.ts';
import { type Tokens } from '../ledger/search/tokens.ts';
import { type ReportSource } from '../reports/ports.ts';
import { createDekStore } from '../store/dek-store.ts';
import { createFactSource } from '../store/fact-source.ts';
import { createRecordSource } from '../store/record-source.ts';
import { createReportSource } from '../store/report-source.ts';
import { createPool } from '../store/session.ts';
import { type Closable } from './closer.ts';
import { type Database } from './database.ts';
import { openSearchTokens } from './search-tokens.ts';

/** Finding and counting records, with the reader's rights. Nothing of it is recorded here: whoever asks does that. */
export interface AuditSearch extends Closable {
  readonly source: FactSource;
  readonly counts: ReportSource;
  readonly reader: AuditReader;
  readonly tokens: Tokens;
}

/** A report over millions of records takes longer than a page of them. */
const REPORT_DEADLINE_MS = 120_000;

export function openAuditSearch(config: Config, database: Database, keyring: Keyring): AuditSearch {
  const pool = createPool({
    url: database.url('cordon_reader'),
    role: 'cordon_reader',
    deadlineMs: REPORT_DEADLINE_MS,
    max: 2,
    use: 'searching',
  });
  return {
    source: createFactSource(pool),
    counts: createReportSource(pool),
    reader: createAuditReader({
      source: createRecordSource(pool),
      deks: createDeks({ store: createDekStore(pool), keyring }),
    }),
    tokens: openSearchTokens(keyring, config.detection.phone_regions),
    close: () => pool.end(),
  };
}
