import { type ProcessorFacts } from '../domain/policy.ts';
import { type PolicyCase } from './schema.ts';

type WrittenProcessor = NonNullable<PolicyCase['given']['processor']>;

/** From the words of a file, a case's or the configuration's, to those of the code. */
export function processorFacts(written: WrittenProcessor): ProcessorFacts {
  const { dpa, retention_days, subprocessors, transfer_basis, pipia_id, attestations } = written;
  return Object.freeze({
    ...(dpa === undefined ? {} : { dpa: Object.freeze({ signed: dpa.signed, ref: dpa.ref }) }),
    ...(retention_days === undefined ? {} : { retentionDays: retention_days }),
    ...(subprocessors === undefined ? {} : { subprocessors: Object.freeze([...subprocessors]) }),
    ...(transfer_basis === undefined ? {} : { transferBasis: transfer_basis }),
    ...(pipia_id === undefined ? {} : { pipiaId: pipia_id }),
    ...(attestations === undefined ? {} : { attestations: Object.freeze([...attestations]) }),
  });
}
