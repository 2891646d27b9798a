import { randomFillSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { openSearchTokens } from '../../src/compose/search-tokens.ts';
import { createDeks, type Deks } from '../../src/crypto/deks.ts';
import { openOrCreateKeyringFile } from '../../src/crypto/keyring-file.ts';
import { type Keyring } from '../../src/crypto/keyring.ts';
import { createUuidV7 } from '../../src/domain/id.ts';
import { type CompletionRecord, type DecisionRecord } from '../../src/domain/record.ts';
import { createLedger, type RunningLedger } from '../../src/ledger/ledger.ts';
import { type RecordSource } from '../../src/ledger/ports.ts';
import { type LedgerLimits } from '../../src/ledger/queue.ts';
import { type LedgerLogEvent } from '../../src/ledger/writer.ts';
import { createDekStore } from '../../src/store/dek-store.ts';
import { createLedgerStore } from '../../src/store/ledger-store.ts';
import { createRecordSource } from '../../src/store/record-source.ts';
import { createPool } from '../../src/store/session.ts';

/** Tests share their machine: only those about deadlines have a short one. */
const PATIENT_MS = 20_000;

export const ORIGIN = 'cordon.test';
export const PHONE_REGIONS = ['US', 'DE'];

export interface LedgerParts {
  readonly keyring: Keyring;
  readonly deks: Deks;
  readonly source: RecordSource;
  readonly events: LedgerLogEvent[];
  /** Keys with the same keyring and nothing cached. */
  readonly freshDeks: () => Deks;
  /** Not started yet; closed at the end of the test. */
  create(options?: {
    readonly limits?: Partial<LedgerLimits>;
    readonly writerUrl?: string;
    readonly onDurable?: (chain: string, leaves: readonly Buffer[]) => void;
    readonly now?: () => number;
  }): RunningLedger;
}

export async function createKeyring(t: Pick<ExecutionContext, 'teardown'>): Promise<Keyring> {
  const directory = await mkdtemp(join(tmpdir(), 'cordon-keys-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  return openOrCreateKeyringFile(join(directory, 'keyring.json'));
}

/** Everything a ledger needs, on a real database. `url` gives each role's connection. */
export async function createLedgerParts(
  t: Pick<ExecutionContext, 'teardown'>,
  url: (role: 'cordon_writer' | 'cordon_reader') => string,
  givenKeyring?: Keyring,
): Promise<LedgerParts> {
  const keyring = givenKeyring ?? (await createKeyring(t));
  const pool = (role: 'cordon_writer' | 'cordon_reader', deadlineMs: number) => {
    const created = createPool({ url: url(role), role, deadlineMs, max: 2 });
    t.teardown(() => created.end());
    return created;
  };
  const writerPool = pool('cordon_writer', PATIENT_MS);
  const freshDeks = () => createDeks({ store: createDekStore(writerPool), keyring });
  const deks = freshDeks();
  const events: LedgerLogEvent[] = [];
  return {
    keyring,
    deks,
    freshDeks,
    events,
    source: createRecordSource(pool('cordon_reader', 60_000)),
    create({
      limits = {},
      writerUrl = url('cordon_writer'),
      onDurable = () => undefined,
      now = Date.now,
    } = {}) {
      const deadlineMs = limits.deadlineMs ?? PATIENT_MS;
      const ledger = createLedger({
        store: createLedgerStore({ url: writerUrl, deadlineMs, pool: writerPool }),
        deks,
        keyring,
        tokens: openSearchTokens(keyring, PHONE_REGIONS),
        origin: ORIGIN,
        instance: `test-${randomUUID()}`,
        now,
        random: (bytes) => randomFillSync(bytes),
        log: (event) => events.push(event),
        onDurable,
        limits: { deadlineMs, ...limits },
      });
      t.teardown(() => ledger.close());
      return ledger;
    },
  };
}

export function newId(): string {
  return createUuidV7(Date.now(), (bytes) => randomFillSync(bytes));
}

export function decision(changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    requestId: newId(),
    atMs: Date.now(),
    principal: {
      issuer: 'https://issuer.example',
      tenant: 'acme',
      subject: 'caller-7',
      roles: ['analyst'],
      groups: [],
      client: undefined,
      purposes: ['support'],
      tokenId: undefined,
      expiresAt: 4_000_000_000,
    },
    dataSubject: 'patient-17',
    purpose: 'support',
    operation: 'chat',
    model: 'gpt-x',
    destination: { runner: 'openai', trust: 'external', region: 'eu' },
    policyHash: 'ab'.repeat(32),
    ruleIds: ['allow-support'],
    allow: true,
    reason: 'matched_allow',
    handling: { EMAIL_ADDRESS: 'pseudonymise' },
    counts: { EMAIL_ADDRESS: 1 },
    spans: [
      {
        pointer: '/messages/0/content',
        start: 0,
        end: 5,
        entity: 'EMAIL_ADDRESS',
        score: 1,
        recognizer: 'email',
      },
    ],
    coverage: { scanned: 1, transformed: ['/messages/0/content'], structural: 3 },
    detector: 'test/1',
    protectedBody: '{"messages":[{"role":"user","content":"[EMAIL_1]"}]}',
    originals: { '[EMAIL_1]': 'zoe@example.org' },
    ...changes,
  };
}

export function completion(requestId: string, changes: Partial<CompletionRecord> = {}): CompletionRecord {
  return {
    requestId,
    atMs: Date.now(),
    tenant: 'acme',
    outcome: 'complete',
    error: undefined,
    promptTokens: 12,
    completionTokens: 34,
    latencyMs: 56.5,
    upstreamStatus: 200,
    response: '{"choices":[]}',
    ...changes,
  };
}
