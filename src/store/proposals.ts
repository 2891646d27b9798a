import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Deks } from '../crypto/deks.ts';
import { type Keyring } from '../crypto/keyring.ts';
import { CordonError } from '../domain/errors.ts';
import { type JsonObject } from '../domain/json.ts';
import { type Principal } from '../domain/principal.ts';
import { type Executor, type Person, type Proposal, type Proposals } from '../domain/proposal.ts';
import { type Ledger } from '../domain/record.ts';
import { type ProposalRow, type ProposalStore } from './proposal-store.ts';
import {
  createProposalVault,
  type ProposalDecision,
  proposalHash,
  type ProposalRequest,
  type ProposalVault,
  stateOf,
} from './proposal-vault.ts';

export interface ProposalsDeps {
  readonly store: ProposalStore;
  readonly deks: Deks;
  readonly keyring: Keyring;
  /** Name of the deployment; every ciphertext is bound to it. */
  readonly origin: string;
  readonly note: Ledger['note'];
  readonly now: () => number;
  readonly createId: () => string;
  /** By kind. One that is not here can neither be proposed nor approved. */
  readonly executors: Readonly<Record<string, Executor>>;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Longer than any executor may take: long work is enqueued by it. */
const LEASE_MS = 120_000;
const RESUMED_AT_ONCE = 100;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Four eyes: the record is durable before its effect, an approval is bound to what was seen (`hash`), and a keyed proof
 * of each approval makes that writing into the table approves nothing.
 */
export function createProposals(deps: ProposalsDeps): Proposals {
  return new StoredProposals(deps);
}

class StoredProposals implements Proposals {
  readonly #deps: ProposalsDeps;
  readonly #vault: ProposalVault;

  constructor(deps: ProposalsDeps) {
    this.#deps = deps;
    this.#vault = createProposalVault({ deks: deps.deks, origin: deps.origin, available });
  }

  async propose(principal: Principal, kind: string, body: JsonObject, lifeMs = DAY_MS): Promise<Proposal> {
    const { store, note, now, createId } = this.#deps;
    this.#executor(kind);
    const atMs = now();
    const { tenant } = principal;
    const nonce = randomBytes(16).toString('hex');
    const request: ProposalRequest = { author: personOf(principal), body, nonce };
    const head = { id: createId(), kind, tenant, dek: await this.#vault.keyFor(tenant, atMs) };
    const row: ProposalRow = {
      ...head,
      author: this.#pseudonym(tenant, request.author),
      hash: proposalHash(head, request),
      createdMs: atMs,
      expiresMs: atMs + lifeMs,
      sealed: await this.#vault.seal(head, 'sealed', request),
      state: 'pending',
      ...{
        decider: undefined,
        decidedMs: undefined,
        decision: undefined,
        result: undefined,
        proof: undefined,
      },
    };
    await note({
      type: 'PROPOSED',
      atMs,
      tenant,
      data: { ...recordOf(row), author: row.author.toString('hex') },
      details: { author: { ...request.author }, body },
    });
    await available(store.insert(row));
    return this.#vault.open(row, this.#deps.now());
  }

  async find(principal: Principal, id: string): Promise<Proposal | undefined> {
    const row = await this.#row(principal, id);
    return row === undefined ? undefined : this.#vault.open(row, this.#deps.now());
  }

  async list(...[principal, filter, limit]: Parameters<Proposals['list']>): Promise<readonly Proposal[]> {
    const { store, now } = this.#deps;
    const rows = await available(store.list(principal.tenant, filter, now(), limit));
    return Promise.all(rows.map((row) => this.#vault.open(row, this.#deps.now())));
  }

  async approve(principal: Principal, id: string, hash: string): Promise<Proposal> {
    const { note, now } = this.#deps;
    const row = await this.#pending(principal, id);
    const proposal = await this.#vault.open(row, this.#deps.now());
    this.#executor(row.kind);
    if (proposal.hash !== hash) {
      throw new CordonError(
        'conflict',
        'That is not the hash of this proposal: read it again, then approve.',
      );
    }
    const decider = personOf(principal);
    const pseudonym = this.#pseudonym(row.tenant, decider);
    if (pseudonym.equals(row.author)) {
      throw new CordonError('self_approval', 'Another person than its author must approve a proposal.');
    }
    await note({
      type: 'APPROVED',
      atMs: now(),
      tenant: row.tenant,
      data: {
        ...recordOf(row),
        author: row.author.toString('hex'),
        approver: pseudonym.toString('hex'),
      },
      details: { approver: { ...decider } },
    });
    await this.#decide(row, 'approved', { decider });
    // It is approved, come what may; its state says how far it got, and `resume` takes it up again.
    await this.#execute(row).catch(() => undefined);
    return this.#reread(principal, id);
  }

  async reject(principal: Principal, id: string, reason: string): Promise<Proposal> {
    const { note, now } = this.#deps;
    const row = await this.#pending(principal, id);
    const decider = personOf(principal);
    await note({
      type: 'REJECTED',
      atMs: now(),
      tenant: row.tenant,
      data: { ...recordOf(row), decider: this.#pseudonym(row.tenant, decider).toString('hex') },
      details: { decider: { ...decider }, reason },
    });
    await this.#decide(row, 'rejected', { decider, reason });
    return this.#reread(principal, id);
  }

  async resume(): Promise<void> {
    const { store, now } = this.#deps;
    const rows = await store.unfinished(now(), RESUMED_AT_ONCE).catch(() => []);
    for (const row of rows) await this.#execute(row).catch(() => undefined);
  }

  /** Whatever failed for want of a part that works leaves the proposal approved, for `resume`. */
  async #execute(row: ProposalRow): Promise<void> {
    const { store, now } = this.#deps;
    const execute = this.#executor(row.kind);
    if (!(await available(store.lease(row.id, now(), now() + LEASE_MS)))) return;
    const current = await available(store.find(row.id));
    if (current === undefined || !this.#isProven(current)) {
      throw new CordonError('internal_error', 'An approval was not made by Cordon.', { detail: 'proposal' });
    }
    const proposal = await this.#vault.open(current, now());
    try {
      await this.#finish(current, 'executed', await execute(proposal));
    } catch (error) {
      if (!(error instanceof CordonError) || error.status >= 500) {
        await store.release(row.id).catch(() => undefined);
        throw error;
      }
      await this.#finish(current, 'failed', { code: error.code, message: error.message });
    }
  }

  async #finish(row: ProposalRow, state: 'executed' | 'failed', result: JsonObject): Promise<void> {
    const sealed = await this.#vault.seal(row, 'result', result);
    await available(this.#deps.store.finish(row.id, state, sealed));
  }

  async #decide(row: ProposalRow, state: 'approved' | 'rejected', decision: ProposalDecision): Promise<void> {
    const decider = this.#pseudonym(row.tenant, decision.decider);
    const decided = await available(
      this.#deps.store.decide(row.id, {
        state,
        decider,
        decidedMs: this.#deps.now(),
        decision: await this.#vault.seal(row, 'decision', { ...decision, decider: { ...decision.decider } }),
        proof: state === 'approved' ? this.#proof(row, decider) : undefined,
      }),
    );
    if (!decided) throw closed();
  }

  #proof(row: Pick<ProposalRow, 'id' | 'kind' | 'tenant' | 'hash'>, decider: Buffer): Buffer {
    const { id, kind, tenant, hash } = row;
    const parts = ['proposal-approval', id, kind, tenant, hash.toString('hex'), decider.toString('hex')];
    return this.#deps.keyring.reference(parts);
  }

  #isProven(row: ProposalRow): boolean {
    if (row.state !== 'approved' || row.decider === undefined || row.proof === undefined) return false;
    return timingSafeEqual(row.proof, this.#proof(row, row.decider));
  }

  async #pending(principal: Principal, id: string): Promise<ProposalRow> {
    const row = await this.#row(principal, id);
    if (row === undefined) throw new CordonError('not_found', 'There is no such proposal.');
    if (stateOf(row, this.#deps.now()) !== 'pending') throw closed();
    return row;
  }

  async #row({ tenant }: Principal, id: string): Promise<ProposalRow | undefined> {
    if (!UUID.test(id)) return undefined;
    const row = await available(this.#deps.store.find(id));
    return row?.tenant === tenant ? row : undefined;
  }

  async #reread(principal: Principal, id: string): Promise<Proposal> {
    const proposal = await this.find(principal, id);
    if (proposal === undefined) throw new TypeError('a proposal vanished');
    return proposal;
  }

  #pseudonym(tenant: string, { issuer, subject }: Person): Buffer {
    return this.#deps.keyring.reference(['admin', tenant, issuer, subject]);
  }

  #executor(kind: string): Executor {
    const { executors } = this.#deps;
    const executor = Object.hasOwn(executors, kind) ? executors[kind] : undefined;
    if (executor === undefined)
      throw new CordonError('invalid_request', 'There is no such kind of proposal.');
    return executor;
  }
}

function personOf({ issuer, subject }: Principal): Person {
  return { issuer, subject };
}

function recordOf({ id, kind, hash }: ProposalRow): JsonObject {
  return { proposal: id, kind, hash: hash.toString('hex') };
}

function closed(): CordonError {
  return new CordonError('conflict', 'This proposal was decided already, or has expired: make a new one.');
}

async function available<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CordonError) throw error;
    throw new CordonError('audit_unavailable', 'The database did not answer; nothing was done.', {
      detail: error instanceof Error ? error.name : typeof error,
      retryAfterS: 1,
      cause: error,
    });
  }
}
