import { createHash, hash } from 'node:crypto';
import { type Json } from '../domain/json.ts';
import { parseHeader } from './header.ts';
import { leafHash } from './leaf.ts';
import { type LeafRun, type LedgerSource, type StoredDrop } from './ports.ts';

const LEAF_BYTES = 32;
const PAGE_RUNS = 64;

/** The digest a RETENTION_STARTED record holds: SHA-256 over its runs, in order of chain and place. */
async function dropDigest(
  source: Pick<LedgerSource, 'dropRuns'>,
  start: string,
  onRun: (run: LeafRun) => void = () => undefined,
): Promise<{ readonly digest: Buffer; readonly records: number }> {
  const sum = createHash('sha256');
  let records = 0;
  let after: LeafRun | undefined;
  for (;;) {
    const runs: readonly LeafRun[] = await source.dropRuns(start, after, PAGE_RUNS);
    for (const run of runs) {
      onRun(run);
      records += run.leaves.length / LEAF_BYTES;
      sum.update(runBytes(run));
    }
    after = runs.at(-1);
    if (runs.length < PAGE_RUNS) return { digest: sum.digest(), records };
  }
}

/** chain (16 bytes) ‖ first (8) ‖ number of leaves (8) ‖ SHA-256 of the leaves. */
function runBytes({ chain, firstSeq, leaves }: LeafRun): Buffer {
  const place = Buffer.alloc(16);
  place.writeBigInt64BE(BigInt(firstSeq), 0);
  place.writeBigInt64BE(BigInt(leaves.length / LEAF_BYTES), 8);
  return Buffer.concat([
    Buffer.from(chain.replaceAll('-', ''), 'hex'),
    place,
    hash('sha256', leaves, 'buffer'),
  ]);
}

/** The leaves of a run at places from `from` up to `before`, as far as it has them. */
function leavesOf({ leaves, firstSeq }: LeafRun, from: number, before: number): readonly Buffer[] {
  const first = from - firstSeq;
  const length = Math.max(0, Math.min(before - firstSeq, Math.floor(leaves.length / LEAF_BYTES)) - first);
  return Array.from({ length }, (_, i) =>
    leaves.subarray((first + i) * LEAF_BYTES, (first + i + 1) * LEAF_BYTES),
  );
}

interface Claim {
  readonly chain: string;
  readonly seq: number;
  readonly leaf: Buffer;
}

/**
 * What retention dropped, held to its records. A drop is good when the record it went by stands in a chain (its leaf is
 * met there, as a record or as a dropped leaf), says what was dropped, and that is exactly what is gone. Rows that are
 * missing without such a record stay missing.
 */
export class Drops {
  readonly #claims = new Map<string, Claim[]>();
  readonly #chains = new Set<string>();
  readonly #known = new Set<string>();
  readonly #report: (chain: string, seq: number) => void;
  /** Ids of the drops that were looked at, in order: two verifications of the same list saw the same drops. */
  readonly ids: string;
  records = 0;

  private constructor(drops: readonly StoredDrop[], report: (chain: string, seq: number) => void) {
    this.#report = report;
    this.ids = drops.map(({ start }) => start).join();
  }

  static async read(source: LedgerSource, report: (chain: string, seq: number) => void): Promise<Drops> {
    const stored = await source.drops();
    const drops = new Drops(stored, report);
    for (const drop of stored) {
      const { digest, records } = await dropDigest(source, drop.start, ({ chain }) =>
        drops.#chains.add(chain),
      );
      drops.#take(drop, digest.toString('hex'), records);
    }
    return drops;
  }

  #take({ start, month, chain, seq, header }: StoredDrop, digest: string, records: number): void {
    const parsed = parseHeader(header);
    const said = { ...parsed?.data };
    const good =
      parsed?.type === 'RETENTION_STARTED' &&
      parsed.id === start &&
      parsed.chain === chain &&
      parsed.seq === seq &&
      parsed.sealed.length === 0 &&
      same(said, { month, digest, records });
    if (!good) {
      this.#report(chain, seq);
      return;
    }
    this.records += records;
    this.#known.add(start);
    const claims = this.#claims.get(chain) ?? [];
    claims.push({ chain, seq, leaf: leafHash(header, {}) });
    this.#claims.set(chain, claims);
  }

  /** The leaf that stands at a place of a chain. */
  meet(chain: string, seq: number, leaf: Buffer): void {
    const claims = this.#claims.get(chain);
    const at = claims?.findIndex((claim) => claim.seq === seq && claim.leaf.equals(leaf)) ?? -1;
    if (at >= 0) claims?.splice(at, 1);
  }

  /** Records of drops that stand in no chain. */
  end(): void {
    for (const { chain, seq } of [...this.#claims.values()].flat()) this.#report(chain, seq);
  }

  /** Chains that something was dropped from. */
  get chains(): ReadonlySet<string> {
    return this.#chains;
  }

  /** A record that says that a drop was not done is no cover for doing it by hand. */
  refuse(start: string, chain: string, seq: number): void {
    if (this.#known.has(start)) this.#report(chain, seq);
  }

  knows(start: string): boolean {
    return this.#known.has(start);
  }
}

/** The dropped leaves of one chain, handed out in order of their places. */
export class DroppedLeaves {
  readonly drops: Drops;
  readonly #chain: string;
  readonly #source: Pick<LedgerSource, 'chainRuns'>;
  /** Runs fetched and not handed out yet. */
  #runs: LeafRun[] = [];
  #after = 0;
  #ended: boolean;

  constructor(source: Pick<LedgerSource, 'chainRuns'>, chain: string, drops: Drops) {
    this.#source = source;
    this.#chain = chain;
    this.drops = drops;
    this.#ended = !drops.chains.has(chain);
  }

  /** Leaves from place `from` on, as far as they follow each other without a gap, and before place `before`. */
  async take(from: number, before: number): Promise<readonly Buffer[]> {
    const taken: Buffer[] = [];
    for (let at = from; at < before;) {
      const run = await this.#runFrom(at);
      if (run === undefined || run.firstSeq > at) break;
      const part = leavesOf(run, at, before);
      taken.push(...part);
      at += part.length;
    }
    return taken;
  }

  /** The first run that ends behind place `at`. */
  async #runFrom(at: number): Promise<LeafRun | undefined> {
    for (;;) {
      const [run] = this.#runs;
      if (run === undefined) {
        if (this.#ended) return undefined;
        const page = await this.#source.chainRuns(this.#chain, this.#after, PAGE_RUNS);
        this.#ended = page.length < PAGE_RUNS;
        this.#after = page.at(-1)?.firstSeq ?? this.#after;
        // What belongs to no drop that is known covers nothing: its rows are missing.
        this.#runs = page.filter(({ start }) => this.drops.knows(start));
      } else if (run.firstSeq + run.leaves.length / LEAF_BYTES > at) {
        return run;
      } else {
        this.#runs.shift();
      }
    }
  }
}

function same(said: Readonly<Record<string, Json>>, found: Readonly<Record<string, Json>>): boolean {
  return Object.entries(found).every(([name, value]) => said[name] === value);
}
