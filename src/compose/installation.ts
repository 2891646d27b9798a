import { readFile } from 'node:fs/promises';
import { type Config } from '../config/load.ts';
import { CordonError } from '../domain/errors.ts';
import { type Runner } from '../domain/runner.ts';
import { buildPolicy } from '../policy/build.ts';
import { SUPPORTED_HANDLINGS } from '../policy/engine.ts';
import { type ReportsDeps } from '../reports/reports.ts';
import { readDetectionRules } from './detection-rules.ts';
import { OPERATIONS, policyFile } from './policy.ts';

/** What a record of processing says of this installation: who receives what, by which policy. */
export function describeInstallation(
  config: Config,
  runners: readonly Runner[],
): ReportsDeps['installation'] {
  const { processing } = config;
  return async () => {
    const file = policyFile(config);
    const built = await buildPolicy(
      { text: await readFile(file, 'utf8'), source: file },
      {
        supportedHandlings: SUPPORTED_HANDLINGS,
        extraEntities: readDetectionRules(config).entities,
        operations: OPERATIONS,
      },
      () => undefined,
    );
    if (built.set === undefined) {
      throw new CordonError(
        'policy_unavailable',
        'The policy set could not be read, so there is nothing to report.',
      );
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
      policy: { hash: built.snapshot.hash, set: built.set },
    };
  };
}
