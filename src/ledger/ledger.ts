import { setTimeout as sleep } from 'node:timers/promises';
import { type Deks } from '../crypto/deks.ts';
import { type Keyring, personReference } from '../crypto/keyring.ts';
import { CordonError } from '../domain/errors.ts';
import { createUuidV7 } from '../domain/id.ts';
import { type Ledger } from '../domain/record.ts';
import {
  checkDraft,
  completionDraft,
  decisionDraft,
  noteDraft,
  type Draft,
  type Pseudonym,
} from './draft.ts';
import { type LedgerStore, type WriterSession } from './ports.ts';
import { AppendQueue, auditUnavailable, LEDGER_LIMITS, type Entry, type LedgerLimits } from './queue.ts';
import { type Tokens } from './search/tokens.ts';
import { sealDraft } from './seal.ts';
import { closeChains, headReference, incompleteDraft, lockDeadChains } from './sweep.ts';
import { ChainWriter, errorCode, type LedgerLogEvent } from './writer.ts';

export interface LedgerDeps {
  readonly store: LedgerStore;
  readonly deks: Deks;
  readonly keyring: Keyring;
  /** What decisions are found by. */
  readonly tokens: Pick<Tokens, 'ofRecord'>;
  /** Name of the deployment; every ciphertext and every leaf is bound to it. */
  readonly origin: string;
  /** Name of this process: host and process id will do. */
  readonly instance: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: (bytes: Uint8Array) => Uint8Array;
  readonly log: (event: LedgerLogEvent) => void;
  /** Leaves that have become durable, in the order of their places. */
  readonly onDurable?: (chain: string, leaves: readonly Buffer[]) => void;
  readonly limits?: Partial<LedgerLimits>;
}

export interface RunningLedger extends Ledger {
  /** Opens this process's chain, writes START and closes what dead writers left; rejects when that fails. */
  start(): Promise<void>;
  /** Refuses new records, writes what is queued and STOP, within the deadline; then disconnects. */
  close(): Promise<void>;
  /** Whether a record could be written now. */
  healthy(): Promise<boolean>;
  /** Records admitted and not yet settled. */
  readonly queued: number;
}

/** Notes of Cordon itself belong to no tenant of its callers. */
const SYSTEM_TENANT = '';
const PARTITION_CHECK_MS = 6 * 60 * 60 * 1_000;

/**
 * The ledger of one process. `begin`, `finish` and `note` resolve once the record is durable and reject with
 * `audit_unavailable` when it is not so within the deadline. `finish` may be called right behind `begin`, without
 * awaiting it: both then usually share a commit, and the completion is never written without its decision.
 * After `begin` was refused there is nothing to finish. Writing a record again (same id, same content) resolves and leaves one record.
 */
export function createLedger(deps: LedgerDeps): RunningLedger {
  return new ProcessLedger(deps);
}

class ProcessLedger implements RunningLedger {
  readonly #deps: LedgerDeps;
  readonly #queue: AppendQueue;
  readonly #writer: ChainWriter;
  readonly #limits: LedgerLimits;
  #closing = false;
  #partitions: NodeJS.Timeout | undefined;

  constructor(deps: LedgerDeps) {
    this.#deps = deps;
    this.#limits = { ...LEDGER_LIMITS, ...deps.limits };
    this.#queue = new AppendQueue(
      this.#limits,
      (draft) => sealDraft(draft, deps.deks, deps.origin),
      () => {
        this.#writer.wake();
      },
    );
    this.#writer = new ChainWriter({
      store: deps.store,
      queue: this.#queue,
      limits: this.#limits,
      instance: deps.instance,
      now: deps.now,
      createId: () => this.#createId(),
      log: deps.log,
      onLate: (decisions) => {
        this.#closeLate(decisions);
      },
      onDurable: deps.onDurable ?? (() => undefined),
    });
  }

  begin: Ledger['begin'] = (record) =>
    this.#append(() => decisionDraft(record, this.#pseudonym, this.#deps.tokens));
  finish: Ledger['finish'] = (record) => this.#append(() => completionDraft(record));
  note: Ledger['note'] = (record) => this.#append(() => noteDraft(record, record.id ?? this.#createId()));

  async start(): Promise<void> {
    try {
      await this.#open(await this.#writer.start());
    } catch (error) {
      await this.#writer.stop();
      throw error;
    }
    this.#partitions = setInterval(() => void this.#ensurePartitions(), PARTITION_CHECK_MS);
    this.#partitions.unref();
  }

  async #open(session: WriterSession): Promise<void> {
    const { now, instance } = this.#deps;
    await this.#ensurePartitions();
    const dead = await lockDeadChains(session, this.#writer.chain ?? '');
    await this.note({
      type: 'START',
      atMs: now(),
      tenant: SYSTEM_TENANT,
      data: { instance, after: dead.map(headReference) },
    });
    await closeChains(session, dead, { append: (draft) => this.#append(() => draft), now });
  }

  /** A failure is no outage: the default partition takes what no month covers. */
  async #ensurePartitions(): Promise<void> {
    const { store, now, log } = this.#deps;
    await store.ensurePartitions(now()).catch((error: unknown) => {
      log({ event: 'ledger_partitions_failed', error: errorCode(error) });
    });
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    const stop = this.note({
      type: 'STOP',
      atMs: this.#deps.now(),
      tenant: SYSTEM_TENANT,
      data: { instance: this.#deps.instance },
    });
    this.#closing = true;
    clearInterval(this.#partitions);
    // A batch that hangs in doubt never drains; a STOP that could not be written is the next START's business.
    const deadline = sleep(this.#limits.deadlineMs, undefined, { ref: false });
    await Promise.race([Promise.allSettled([stop, this.#queue.drained()]), deadline]);
    await this.#writer.stop();
    this.#queue.refuseAll(auditUnavailable('closed'));
  }

  get queued(): number {
    return this.#queue.size;
  }

  async healthy(): Promise<boolean> {
    return !this.#closing && this.#writer.connected && (await this.#deps.store.ping());
  }

  async #append(build: () => Draft): Promise<void> {
    if (this.#closing) throw new CordonError('shutting_down', 'Cordon is shutting down.');
    const draft = build();
    checkDraft(draft);
    await this.#queue.submit(draft);
  }

  /** The caller was refused, so nothing was forwarded; should this fail too, the next sweep sees to it. */
  #closeLate(decisions: readonly Entry[]): void {
    for (const { id, tenant } of decisions) {
      const draft = incompleteDraft(id, tenant, this.#deps.now(), { reason: 'refused_before_durable' });
      this.#append(() => draft).catch(() => undefined);
    }
  }

  readonly #pseudonym: Pseudonym = (tenant, person) => personReference(this.#deps.keyring, tenant, person);

  #createId(): string {
    return createUuidV7(this.#deps.now(), this.#deps.random);
  }
}
