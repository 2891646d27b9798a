import { type Keyring } from '../../crypto/keyring.ts';
import { CordonError } from '../../domain/errors.ts';
import { type Principal } from '../../domain/principal.ts';
import { type Ledger, type SystemRecord } from '../../domain/record.ts';
import { type Undertakings } from './ports.ts';

/** Who wants it. */
export type Actor = Pick<Principal, 'issuer' | 'tenant' | 'subject'>;

/** Keyed pseudonym of who acts, as the control plane's records name them. */
export function actorReference(keyring: Keyring, { tenant, issuer, subject }: Actor): Buffer {
  return keyring.reference(['admin', tenant, issuer, subject]);
}

/** Nobody is still at an undertaking this long after it was begun: whatever is left of it is carried on by others. */
export const ABANDONED_MS = 60_000;

/** Notes a record of an undertaking unless it is there already, as it may be after a crash or from another process. */
export async function noteOnce(
  deps: { readonly ledger: Pick<Ledger, 'note'>; readonly undertakings: Undertakings },
  record: SystemRecord & { readonly id: string },
): Promise<void> {
  const { id, type } = record;
  if (await deps.undertakings.recorded(id, type)) return;
  try {
    await deps.ledger.note(record);
  } catch (error) {
    // Another process noted it in other words meanwhile.
    if (error instanceof RangeError && (await deps.undertakings.recorded(id, type))) return;
    throw error;
  }
}

/** A failure of the database, said to callers; nothing of it is lost, for undertakings are carried on. */
export async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CordonError) throw error;
    throw new CordonError(
      'audit_unavailable',
      'The database of the audit did not answer. What was begun is carried on when it does; look at the audit before asking again.',
      { detail: 'lifecycle', retryAfterS: 60, cause: error },
    );
  }
}

const MAX_REASON_CHARS = 4_096;

/** What a person says for the record: sealed there, and never longer than a page. */
export function checkReason(reason: string): void {
  if (reason.trim() === '' || reason.length > MAX_REASON_CHARS || /\p{Surrogate}/u.test(reason)) {
    throw new CordonError('invalid_request', `Give a reason of 1 to ${MAX_REASON_CHARS} characters.`, {
      param: '/reason',
    });
  }
}

const MAX_PERSON_CHARS = 1_024;

export function checkPerson(person: string, param: string): void {
  if (person === '' || person.length > MAX_PERSON_CHARS || /\p{Surrogate}/u.test(person)) {
    throw new CordonError(
      'invalid_request',
      'Name a person as calls do: the token’s subject, or the Cordon-Data-Subject header.',
      { param },
    );
  }
}
