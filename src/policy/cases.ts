import { type AdmitInput, type PolicySnapshot } from '../domain/policy.ts';
import { type Finding } from './problem.ts';
import { type PolicyCase } from './schema.ts';

/** Runs the set's own examples against its snapshot; a finding for each expectation that is not met. */
export function runCases(snapshot: PolicySnapshot, cases: readonly PolicyCase[]): readonly Finding[] {
  return cases.flatMap(({ given, expect }, index) => {
    const findings: Finding[] = [];
    const compare = (field: string, expected: unknown, got: string | boolean) => {
      if (expected === undefined || expected === got) return;
      findings.push({
        path: ['cases', index, 'expect', field],
        message: `this case failed: the set gives ${got}`,
      });
    };
    const input = caseInput(given);
    const verdict = snapshot.admit(input);
    compare('allow', expect.allow, verdict.allow);
    compare('reason', expect.reason, verdict.reason);
    compare('opaque', expect.opaque, verdict.allow && snapshot.grantsOpaque(input).allow);
    compare('rule', expect.rule, verdict.ruleIds[0] ?? 'no rule');
    for (const [entity, handling] of Object.entries(expect.handling)) {
      const got = snapshot.handle(input, entity);
      if (got.handling === handling) continue;
      const message = `this case failed: the set gives ${got.handling}, by ${got.ruleId}`;
      findings.push({ path: ['cases', index, 'expect', 'handling', entity], message });
    }
    for (const [entity, handling] of Object.entries(expect.output)) {
      const got = snapshot.handleOutput(input, entity);
      if (got.handling === handling) continue;
      const message = `this case failed: in answers the set gives ${got.handling}, by ${got.ruleId}`;
      findings.push({ path: ['cases', index, 'expect', 'output', entity], message });
    }
    return findings;
  });
}

/** A case without a time is only allowed in a set that does not look at it (check.ts), so any instant will do. */
function caseInput(given: PolicyCase['given']): AdmitInput {
  const { purpose, at } = given;
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
    destination: { runner: given.runner, trust: given.trust, region: given.region },
    purpose,
    nowMs: at === undefined ? 0 : Date.parse(at),
  };
}
