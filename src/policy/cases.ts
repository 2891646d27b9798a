import { type AdmitInput, type PolicySnapshot } from '../domain/policy.ts';
import { type Finding } from './problem.ts';
import { processorFacts } from './processor.ts';
import { type PolicyCase } from './schema.ts';

/** As many failed cases as are told: explaining one reads every rule of the set. */
const MAX_FAILED = 20;

/** Runs the set's own examples against its snapshot; a finding for each expectation that is not met. */
export function runCases(snapshot: PolicySnapshot, cases: readonly PolicyCase[]): readonly Finding[] {
  const findings: Finding[] = [];
  let failed = 0;
  for (const [index, one] of cases.entries()) {
    const found = runCase(snapshot, one, index);
    findings.push(...found);
    if (found.length > 0) failed += 1;
    if (failed < MAX_FAILED || index === cases.length - 1) continue;
    const message = `${failed} cases failed; those after this one were not run`;
    return [...findings, { path: ['cases', index], message }];
  }
  return findings;
}

export function runCase(
  snapshot: PolicySnapshot,
  { given, expect }: PolicyCase,
  index: number,
): readonly Finding[] {
  const findings: Finding[] = [];
  const input = caseInput(given);
  const verdict = snapshot.admit(input);
  const why = (): string => {
    const { code, rule, failed } = snapshot.explain(input);
    const clauses = failed.map(({ clause, attribute }) => attribute ?? clause);
    return clauses.length === 0 ? code : `${code}, nearest ${rule?.id ?? ''} but for ${clauses.join(', ')}`;
  };
  const fail = (path: readonly string[], message: string): void => {
    findings.push({ path: ['cases', index, 'expect', ...path], message: `this case failed: ${message}` });
  };
  const compare = (field: string, expected: unknown, got: string | boolean): void => {
    if (expected === undefined || expected === got) return;
    fail([field], `the set gives ${got} (${why()})`);
  };
  compare('allow', expect.allow, verdict.allow);
  compare('reason', expect.reason, verdict.reason);
  compare('opaque', expect.opaque, verdict.allow && snapshot.grantsOpaque(input).allow);
  compare('rule', expect.rule, verdict.ruleIds[0] ?? 'no rule');
  const obligedBy = (verdict.obligations ?? []).map(({ ruleId }) => ruleId).sort();
  if (expect.obliged_by !== undefined && [...expect.obliged_by].sort().join() !== obligedBy.join()) {
    fail(['obliged_by'], `the set obliges by ${obligedBy.join(', ') || 'no rule'}`);
  }
  for (const [entity, handling] of Object.entries(expect.handling)) {
    const got = snapshot.handle(input, entity);
    if (got.handling !== handling)
      fail(['handling', entity], `the set gives ${got.handling}, by ${got.ruleId}`);
  }
  for (const [entity, handling] of Object.entries(expect.output)) {
    const got = snapshot.handleOutput(input, entity);
    if (got.handling !== handling)
      fail(['output', entity], `in answers the set gives ${got.handling}, by ${got.ruleId}`);
  }
  return findings;
}

/**
 * What the policy is asked of a call that somebody describes. A case without a time is only allowed in a set that does
 * not look at it (check.ts), so any instant will do there.
 */
export function caseInput(given: PolicyCase['given'], nowMs = 0): AdmitInput {
  const { purpose, at, processor } = given;
  return {
    principal: {
      issuer: given.issuer,
      tenant: given.tenant,
      subject: given.subject,
      roles: given.roles,
      groups: given.groups,
      client: given.client,
      purposes: given.purposes ?? (purpose === undefined ? [] : [purpose]),
      tokenId: undefined,
      expiresAt: Number.MAX_SAFE_INTEGER,
    },
    operation: given.operation,
    model: given.model,
    destination: {
      ...{ runner: given.runner, trust: given.trust, region: given.region },
      ...(processor === undefined ? {} : { processor: processorFacts(processor) }),
    },
    purpose,
    subjectRegion: given.subject_region,
    nowMs: at === undefined ? nowMs : Date.parse(at),
  };
}
