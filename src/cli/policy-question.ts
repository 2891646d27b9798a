import { type Command } from 'commander';
import { type AdmitInput, type Explanation } from '../domain/policy.ts';
import { type PolicySet } from '../policy/schema.ts';

/** The call that `cordon policy explain` asks about. */
export interface QuestionOptions {
  readonly subject: string;
  readonly tenant: string;
  readonly issuer: string;
  readonly role?: readonly string[];
  readonly group?: readonly string[];
  readonly client?: string;
  readonly operation: string;
  readonly model: string;
  readonly runner: string;
  readonly trust?: 'internal' | 'external';
  readonly region?: string;
  readonly purpose?: string;
  readonly subjectRegion?: string;
  readonly at?: string;
}

export function withQuestionOptions(command: Command): Command {
  return command
    .requiredOption('--subject <name>', 'who calls')
    .option('--tenant <name>', 'of which tenant', 'default')
    .option('--issuer <url>', 'whose token', 'https://issuer.example')
    .option('--role <name...>', 'roles the token names')
    .option('--group <name...>', 'groups the token names')
    .option('--client <id>', 'by which client')
    .requiredOption('--operation <name>', 'such as chat')
    .requiredOption('--model <name>', 'which model')
    .requiredOption('--runner <id>', 'which runner; what is configured of it is used')
    .option('--trust <trust>', 'internal or external, for a runner that is not configured')
    .option('--region <region>', 'for a runner that is not configured')
    .option('--purpose <name>', 'the declared purpose, as granted')
    .option('--subject-region <region>', 'where the data subject lives')
    .option('--at <time>', 'at which time, such as 2027-01-31T14:03:00Z; now when left out');
}

/** `known`: what is configured of the runner. Throws a RangeError on a time that is none. */
export function questionOf(
  options: QuestionOptions,
  known: AdmitInput['destination'] | undefined,
  nowMs: number,
): AdmitInput {
  const at = options.at === undefined ? nowMs : Date.parse(options.at);
  if (!Number.isFinite(at)) throw new RangeError('--at is no time; write one such as 2027-01-31T14:03:00Z');
  const { purpose, trust = 'external', region = 'unknown' } = options;
  return {
    principal: {
      ...{ issuer: options.issuer, tenant: options.tenant, subject: options.subject },
      ...{ roles: options.role ?? [], groups: options.group ?? [], client: options.client },
      purposes: purpose === undefined ? [] : [purpose],
      ...{ tokenId: undefined, expiresAt: Number.MAX_SAFE_INTEGER },
    },
    operation: options.operation,
    model: options.model,
    destination: known ?? { runner: options.runner, trust, region },
    purpose,
    subjectRegion: options.subjectRegion,
    nowMs: at,
  };
}

/** Lines for people: the verdict, the rule, each of its clauses. */
export function describeExplanation(explanation: Explanation, set: PolicySet): readonly string[] {
  const { verdict, code, rule, failed, missing, policyHash } = explanation;
  const written = set.rules.find(({ id }) => id === rule?.id);
  const holder = [written?.owner, written?.ticket].filter((part) => part !== undefined).join(', ');
  const nearest = verdict.ruleIds.length === 0 ? 'nearest rule' : 'rule';
  return [
    `${verdict.allow ? 'allowed' : 'denied'}: ${code}`,
    `policy ${policyHash}`,
    ...(rule === undefined ? [] : [`${nearest} ${rule.id}${holder === '' ? '' : ` (${holder})`}`]),
    ...(written?.description === undefined ? [] : [`  ${written.description}`]),
    ...(rule?.clauses ?? []).map(({ clause, held, attribute }) => {
      const mark = held === true ? 'yes    ' : held === false ? 'no     ' : 'missing';
      return `  ${mark} ${clause}${attribute === undefined ? '' : ` (${attribute})`}`;
    }),
    ...(failed.length === 0 ? [] : [`failed: ${failed.map(({ clause }) => clause).join(', ')}`]),
    ...(missing.length === 0 ? [] : [`missing: ${missing.join(', ')}`]),
    ...(verdict.obligations ?? []).map((obligation) => `owes: ${JSON.stringify(obligation)}`),
  ];
}
