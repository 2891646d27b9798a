import { type Keyring, personReference } from '../crypto/keyring.ts';
import { CordonError } from '../domain/errors.ts';
import { type JsonObject } from '../domain/json.ts';
import { type SystemRecord } from '../domain/record.ts';
import { type AuditReader } from '../ledger/read.ts';
import { type FactSource } from '../ledger/search/ports.ts';
import { compileQuery, type SearchQuery } from '../ledger/search/query.ts';
import { type Actor, queryJson } from '../ledger/search/search.ts';
import { type Tokens } from '../ledger/search/tokens.ts';
import { breachScope, type BreachScope } from './breach.ts';
import { accountDisclosures } from './disclosures.ts';
import { type DisclosureCount, type ReportSource, type ScopeFilter } from './ports.ts';
import { type ProcessingInput, type ProcessingRecord, recordOfProcessing } from './processing.ts';
import { reportSubject, type SubjectReport, type SubjectRequest } from './subject.ts';

/** What a breach is narrowed by beside a query. */
export interface BreachRequest {
  readonly query: SearchQuery;
  /** A runner that the calls went to, or may have. */
  readonly reached?: string;
  /** A data key (UUID), or the key encryption key that wraps data keys now. */
  readonly dek?: string;
  readonly kek?: string;
  readonly reason?: string;
}

/** Every report is within the actor's tenant, and that it was asked for is durable before anything is looked up. */
export interface Reports {
  breach(actor: Actor, request: BreachRequest): Promise<BreachScope>;
  disclosures(
    actor: Actor,
    request: { readonly query: SearchQuery; readonly reason?: string },
  ): Promise<readonly DisclosureCount[]>;
  processing(
    actor: Actor,
    time: { readonly fromMs?: number; readonly toMs?: number },
  ): Promise<ProcessingRecord>;
  subject(actor: Actor, request: SubjectRequest): Promise<SubjectReport>;
}

export interface ReportsDeps {
  readonly source: FactSource;
  readonly counts: ReportSource;
  readonly reader: Pick<AuditReader, 'show'>;
  readonly keyring: Keyring;
  readonly tokens: Pick<Tokens, 'ofQuery'>;
  readonly note: (record: SystemRecord) => Promise<void>;
  readonly now: () => number;
  /** What is configured and in force. */
  readonly installation: () => Promise<Pick<ProcessingInput, 'facts' | 'recipients' | 'routes' | 'policy'>>;
}

const MAX_DEKS = 100_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createReports(deps: ReportsDeps): Reports {
  const { counts, keyring, tokens, now } = deps;
  const person = (tenant: string, name: string): string =>
    personReference(keyring, tenant, name).toString('hex');
  const filterOf = (tenant: string, query: SearchQuery): ScopeFilter => {
    if (query.types !== undefined) {
      throw new CordonError('invalid_request', 'A report counts calls: leave type out.');
    }
    return compileQuery(query, tenant, { person: (name) => person(tenant, name), tokens });
  };
  const reported = async (
    { tenant, subject }: Actor,
    report: string,
    data: JsonObject,
    details: JsonObject,
  ): Promise<void> => {
    const actor = person(tenant, subject);
    await deps.note({ type: 'REPORTED', atMs: now(), tenant, data: { report, actor, ...data }, details });
  };
  const timeOf = ({ fromMs, toMs }: { readonly fromMs?: number; readonly toMs?: number }): JsonObject => ({
    from: fromMs ?? null,
    to: toMs ?? null,
  });
  return {
    async breach(actor, { query, reached, dek, kek, reason }) {
      if (dek !== undefined && !UUID.test(dek)) {
        throw new CordonError('invalid_request', 'A data key is named by its id, a UUID.', { param: '/dek' });
      }
      const filter = filterOf(actor.tenant, query);
      const details = { query: queryJson(query), runner: reached ?? null, reason: reason ?? null };
      const keys = { dek: dek ?? null, kek: kek === undefined ? null : kek.slice(0, 128) };
      await reported(actor, 'breach', timeOf(query), { ...details, ...keys });
      const wrapped = kek === undefined ? undefined : await counts.deksUnder(kek, actor.tenant, MAX_DEKS + 1);
      if ((wrapped?.length ?? 0) > MAX_DEKS) {
        throw new CordonError('payload_too_large', 'Too many data keys are under this key; narrow by time.');
      }
      const deks = dek === undefined ? wrapped : (wrapped ?? [dek]).filter((each) => each === dek);
      return breachScope(counts, {
        ...filter,
        ...(reached === undefined ? {} : { reached }),
        ...(deks === undefined ? {} : { deks }),
      });
    },
    async disclosures(actor, { query, reason }) {
      const filter = filterOf(actor.tenant, query);
      await reported(actor, 'disclosures', timeOf(query), {
        query: queryJson(query),
        reason: reason ?? null,
      });
      return accountDisclosures(counts, filter);
    },
    async processing(actor, { fromMs, toMs }) {
      const time = { ...(fromMs === undefined ? {} : { fromMs }), ...(toMs === undefined ? {} : { toMs }) };
      await reported(actor, 'processing', timeOf(time), {});
      const filter = filterOf(actor.tenant, { values: [], tags: { allow: ['true'] }, ...time });
      const observed = await counts.scope(filter, ['entity', 'purpose', 'sent']);
      const purposeful = observed.by
        .filter(({ tag }) => tag.startsWith('purpose:'))
        .reduce((sum, { records }) => sum + records, 0);
      return recordOfProcessing({
        ...(await deps.installation()),
        observed,
        // A call names one purpose or none.
        withoutPurpose: observed.records - purposeful,
        ...{ fromMs, toMs, createdMs: now() },
      });
    },
    subject: (actor, request) => reportSubject(deps, actor, request),
  };
}
