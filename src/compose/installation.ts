import { type Config } from '../config/load.ts';
import { CordonError } from '../domain/errors.ts';
import { type Runner } from '../domain/runner.ts';
import { type ReportsDeps } from '../reports/reports.ts';
import { type PolicyInForce } from './policy-in-force.ts';

/** What a record of processing says of this installation: who receives what, by which policy. */
export function describeInstallation(
  config: Config,
  runners: readonly Runner[],
  policyInForce: Pick<PolicyInForce, 'currentSet'>,
): ReportsDeps['installation'] {
  const { processing } = config;
  return async () => {
    const policy = await policyInForce.currentSet();
    if (policy === undefined) {
      throw new CordonError('policy_unavailable', 'No policy is in force, so there is nothing to report.');
    }
    return {
      facts: {
        controller: processing.controller,
        representative: processing.representative,
        dataProtectionOfficer: processing.data_protection_officer,
        categoriesOfSubjects: processing.categories_of_subjects,
        retention: processing.retention,
      },
      recipients: runners.map(({ destination: { runner, trust, region }, models }) => ({
        ...{ id: runner, trust, region, models },
      })),
      routes: config.routes.map(({ models, runners: targets }) => ({
        models,
        runners: targets.map(({ id }) => id),
      })),
      policy,
    };
  };
}
