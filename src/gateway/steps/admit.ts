import { contentOpaque } from '../../dialects/opaque-part.ts';
import { type OpaquePart } from '../../domain/call.ts';
import { CordonError } from '../../domain/errors.ts';
import { type AdmitInput, type PolicySnapshot, type Verdict } from '../../domain/policy.ts';
import { maskPointer } from '../mask-pointer.ts';
import { type CallHeaders, type GatewayDependencies, type Judged } from '../ports.ts';
import { type Trail } from '../trail.ts';

/** The one snapshot that judges the whole call. */
export function choosePolicy(
  { policy }: Pick<GatewayDependencies, 'policy'>,
  { policyMinimum, onPolicy }: Pick<CallHeaders, 'policyMinimum'> & Judged,
  trail: Pick<Trail, 'findings'>,
): PolicySnapshot {
  const snapshot = policy.current(policyMinimum);
  trail.findings.policyHash = snapshot.hash;
  onPolicy?.(snapshot);
  return snapshot;
}

/**
 * Policy's first question: may this caller do this, there, for this purpose? Throws unless the answer is yes; the record
 * then names the rule that says no, of several places the first.
 */
export function checkAdmission(
  snapshot: PolicySnapshot,
  input: AdmitInput,
  { findings }: Pick<Trail, 'findings'>,
): Verdict {
  checkPurpose(input.purpose, input.principal.purposes);
  const verdict = snapshot.admit(input);
  if (verdict.allow) return verdict;
  findings.ruleIds ??= verdict.ruleIds;
  const code = verdict.reason === 'matched_allow' ? 'no_matching_allow' : verdict.reason;
  throw new CordonError(code, 'The policy does not allow this call.', { detail: verdict.ruleIds.join(',') });
}

/** What nobody can read leaves only where a rule that allows the call says so too. */
export function checkOpaque(
  snapshot: PolicySnapshot,
  input: AdmitInput,
  parts: readonly OpaquePart[],
  trail: Pick<Trail, 'findings'>,
): void {
  const [first] = parts;
  if (first === undefined) return;
  const verdict = snapshot.grantsOpaque(input);
  if (!verdict.allow) throw contentOpaque(maskPointer(first.pointer));
  trail.findings.ruleIds = [...new Set([...(trail.findings.ruleIds ?? []), ...verdict.ruleIds])];
}

/** A purpose that the token does not grant is the caller's word only: no rule may be asked with it. */
export function checkPurpose(purpose: string | undefined, granted: readonly string[]): void {
  if (purpose === undefined || granted.includes(purpose)) return;
  throw new CordonError(
    'no_matching_allow',
    'The token does not grant the purpose that this call declares.',
    { detail: 'purpose_not_granted' },
  );
}

/**
 * Where the data subject of a call lives: what the call says, else the only region its token speaks for. A token that
 * names regions speaks for no other.
 */
export function chooseSubjectRegion(
  declared: string | undefined,
  granted: readonly string[] | undefined,
): string | undefined {
  if (granted === undefined) return declared;
  if (declared !== undefined && !granted.includes(declared)) {
    throw new CordonError(
      'no_matching_allow',
      'The token does not speak for data subjects of the region that this call declares.',
      { detail: 'subject_region_not_granted' },
    );
  }
  return declared ?? (granted.length === 1 ? granted[0] : undefined);
}

/** The purpose a call runs under: what it declares, else the only one its token grants. */
export function choosePurpose(declared: string | undefined, granted: readonly string[]): string | undefined {
  return declared ?? (granted.length === 1 ? granted[0] : undefined);
}
