import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { type AdmitInput } from '../../src/domain/policy.ts';
import { buildPolicy } from '../../src/policy/build.ts';
import { printCasbin } from '../../src/policy/casbin-export.ts';
import { readCasbin } from '../../src/policy/casbin-import.ts';
import { parseFacts } from '../../src/policy/facts.ts';
import { quantile } from './load.ts';
import { writeSection } from './results.ts';

const SIZES = [10, 1_000, 10_000, 100_000];
const WARM_UP = 2_000;
const ASKED = 20_000;
/** Plain casbin looks at every row: some decisions say enough of a hundred thousand rules. */
const PLAIN_MS = 4_000;

const VOCABULARY = { supportedHandlings: ['mask'] as const, extraEntities: [], operations: undefined };

/** Teams with ten rules each: some models at some runner for some purpose, and a denial for all of one model. */
function policyOf(rules: number): string {
  const written = Array.from({ length: rules - 1 }, (_, n) => ({
    id: `r${n}`,
    effect: n % 10 === 9 ? 'deny' : 'allow',
    subjects: [`group:team-${Math.floor(n / 10)}`],
    operations: n % 3 === 0 ? ['chat', 'responses'] : ['chat'],
    models: n % 2 === 0 ? ['gpt-*'] : [`model-${n % 50}`],
    runners: n % 4 === 0 ? ['*'] : ['vendor'],
    ...(n % 5 === 0 ? { when: { attribute: 'destination.trust', is: 'external' } } : {}),
  }));
  const denial = {
    id: 'never',
    effect: 'deny',
    subjects: ['any'],
    operations: ['*'],
    models: ['banned'],
    runners: ['*'],
  };
  return JSON.stringify({ version: 1, name: 'bench', rules: [denial, ...written] });
}

const DESTINATION = Object.freeze({ runner: 'vendor', trust: 'external', region: 'eu-west-1' } as const);

/** A caller of one team and two roles, as a token makes it: frozen. */
function inputOf(team: number, model: string): AdmitInput {
  const principal = Object.freeze({
    ...{ issuer: 'https://issuer.example', tenant: 'acme', subject: 'alice', client: 'app' },
    roles: Object.freeze(['user', 'employee']),
    groups: Object.freeze([`team-${team}`]),
    purposes: Object.freeze([]),
    ...{ tokenId: undefined, expiresAt: 2_000_000_000 },
  });
  return { principal, operation: 'chat', model, destination: DESTINATION, purpose: undefined, nowMs: 0 };
}

/** Microseconds of each decision, sorted by nothing. `batch`: decisions between two looks at the clock. */
function measure(batch: number, count: number, decide: (n: number) => unknown): readonly number[] {
  for (let n = 0; n < Math.min(WARM_UP, count); n++) decide(n);
  const times: number[] = [];
  for (let n = 0; n < count; n += batch) {
    const started = performance.now();
    for (let m = n; m < n + batch; m++) decide(m);
    times.push(((performance.now() - started) * 1000) / batch);
  }
  return times;
}

/** Decisions in a set of so many rules: uncached, cached, and by plain casbin over the printed set. */
export async function benchPolicy(): Promise<void> {
  const rows: string[] = [];
  for (const size of SIZES) {
    process.stderr.write(`policy: ${size} rules\n`);
    const started = performance.now();
    const { set, snapshot } = await buildPolicy(
      { text: policyOf(size), source: 'bench' },
      VOCABULARY,
      () => undefined,
    );
    if (set === undefined) throw new Error('the set of the benchmark is refused');
    const buildMs = performance.now() - started;
    const teams = Math.max(1, Math.floor(size / 10) - 1);
    // A model that nobody asked for yet is a decision that nobody remembers.
    const cold = measure(1, ASKED, (n) => snapshot.admit(inputOf(n % teams, `gpt-${size}-${n}`)));
    const same = inputOf(0, 'gpt-5');
    const cached = measure(1_000, ASKED * 10, () => snapshot.admit(same));

    const { model, policy, functions } = readCasbin(printCasbin(set));
    const plain = await newEnforcer(newModelFromString(model), new StringAdapter(policy));
    for (const name of ['holds', 'glob', 'cond'] as const) await plain.addFunction(name, functions[name]);
    const ask = (n: number): number => {
      const input = inputOf(n % teams, `gpt-${n}`);
      const facts = parseFacts(input);
      const before = performance.now();
      plain.enforceSync(facts.selectors, 'acme', 'chat', input.model, 'vendor', facts);
      return (performance.now() - before) * 1000;
    };
    const scans: number[] = [];
    const until = performance.now() + PLAIN_MS;
    for (let n = 0; scans.length < 5 || (performance.now() < until && scans.length < 2_000); n++)
      scans.push(ask(n));
    const [p50, p99, remembered, scan] = [
      quantile(cold, 0.5),
      quantile(cold, 0.99),
      quantile(cached, 0.5),
      quantile(scans, 0.5),
    ];
    rows.push(
      `| ${size} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${remembered.toFixed(2)} | ${scan.toFixed(0)} | ${(scan / p50).toFixed(0)} × | ${buildMs.toFixed(0)} |`,
    );
  }
  writeSection('Policy', [
    `Microseconds of one decision. Uncached: ${ASKED} decisions, each for a model nobody asked for before. Cached: the same question again, mean of 1,000 at a time. Plain casbin: the printed model and CSV, every row.`,
    '',
    '| rules | uncached p50 | uncached p99 | cached p50 | plain casbin p50 | ratio | build, ms |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ]);
}
