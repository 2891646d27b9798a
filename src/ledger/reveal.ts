import { CordonError } from '../domain/errors.ts';
import { type Json, type JsonObject } from '../domain/json.ts';
import { type Principal } from '../domain/principal.ts';
import { type Person, type Proposal, type Proposals } from '../domain/proposal.ts';
import { type Ledger } from '../domain/record.ts';
import { isList } from './header.ts';
import { type AuditReader, type Opened } from './read.ts';

export const REVEAL_KIND = 'audit.reveal';

/** Parts of a call that can be shown in clear, each for itself. */
export const REVEALABLE = ['caller', 'sent', 'originals', 'answer'] as const;
export type Revealable = (typeof REVEALABLE)[number];

/** Why, to which end and for how long a person asks to see parts of one call in clear. */
export interface RevealRequest {
  readonly requestId: string;
  readonly fields: readonly Revealable[];
  readonly purpose: string;
  readonly ticket: string;
  readonly minutes: number;
}

export interface RevealDeps {
  readonly reader: AuditReader;
  readonly proposals: Pick<Proposals, 'find'>;
  readonly note: Ledger['note'];
  readonly now: () => number;
  /** Keyed pseudonym of a person, hex. */
  readonly pseudonym: (tenant: string, person: Person) => string;
  readonly maxMinutes: number;
  /** Whether there is such a call in this tenant. */
  readonly exists: (tenant: string, requestId: string) => Promise<boolean>;
}

/** Break-glass: what was recorded of one call, in clear, to the person who asked, after another approved, for a while. */
export interface Reveals {
  /** The body of the proposal, checked. Throws `invalid_request`, or `not_found` when there is no such call. */
  request(principal: Principal, request: RevealRequest): Promise<JsonObject>;
  /** Executes an approved proposal: from the approval on, the clock runs. */
  execute(proposal: Proposal): Promise<JsonObject>;
  /** Each reading is recorded before anything is shown. Throws `not_found`, or `conflict` when the time is up. */
  show(principal: Principal, id: string): Promise<JsonObject>;
}

const MINUTE_MS = 60_000;

export function createReveals(deps: RevealDeps): Reveals {
  const { reader, proposals, note, now, pseudonym, maxMinutes } = deps;
  return {
    async request({ tenant }, request) {
      const { requestId, fields, purpose, ticket, minutes } = request;
      if (!Number.isInteger(minutes) || minutes < 1 || minutes > maxMinutes)
        throw new CordonError('invalid_request', `A reveal lasts 1 to ${maxMinutes} minutes.`, {
          param: '/minutes',
        });
      if (!(await deps.exists(tenant, requestId)))
        throw new CordonError('not_found', 'There is no record of this request.');
      return { requestId, fields: [...new Set(fields)], purpose, ticket, minutes };
    },

    execute(proposal) {
      return Promise.resolve({ until: new Date(untilOf(proposal)).toISOString() });
    },

    async show(principal, id) {
      const { tenant } = principal;
      const proposal = await proposals.find(principal, id);
      // For anybody but the one who asked there is nothing here, whether or not they may approve.
      if (proposal?.kind !== REVEAL_KIND || !isAuthor(principal, proposal))
        throw new CordonError('not_found', 'There is no such reveal of yours.');
      if (proposal.state !== 'executed' && proposal.state !== 'approved')
        throw new CordonError('conflict', `This reveal is ${proposal.state}.`);
      const until = untilOf(proposal);
      if (now() >= until)
        throw new CordonError('conflict', 'The time of this reveal is up; ask for another one.');
      const { requestId, fields, purpose, ticket } = parseBody(proposal.body);
      await note({
        type: 'REVEALED',
        atMs: now(),
        tenant,
        data: { proposal: id, request: requestId, fields, person: pseudonym(tenant, principal) },
        details: { purpose, ticket },
      });
      const shown = await revealed(reader, tenant, requestId, fields);
      return { requestId, until: new Date(until).toISOString(), ...shown };
    },
  };
}

async function revealed(
  reader: AuditReader,
  tenant: string,
  requestId: string,
  fields: readonly Revealable[],
): Promise<JsonObject> {
  const call = await reader.show(requestId, tenant);
  if (call === undefined) throw new CordonError('not_found', 'There is no record of this request.');
  const findings = call.findings;
  const parts: Readonly<Record<Revealable, Opened<Json>>> = {
    caller: mapped(call.context, ({ principal, purpose, model }) => ({
      ...{ principal, purpose: purpose ?? null, model: model ?? null },
    })),
    sent: call.body,
    originals: mapped(findings, ({ dataSubject, originals }) => ({
      dataSubject,
      values: Object.fromEntries(originals),
    })),
    answer: call.response,
  };
  return Object.fromEntries(
    fields.map((field) => {
      const part = parts[field];
      return [field, part.state === 'open' ? part.value : { unavailable: part.state }];
    }),
  );
}

function mapped<T>(opened: Opened<T>, map: (value: T) => Json): Opened<Json> {
  return opened.state === 'open' ? { state: 'open', value: map(opened.value) } : opened;
}

function isAuthor({ issuer, subject }: Principal, { author }: Proposal): boolean {
  return author.issuer === issuer && author.subject === subject;
}

/** The same however often it is executed. */
function untilOf({ body, decidedMs }: Proposal): number {
  return decidedMs === undefined ? 0 : decidedMs + parseBody(body).minutes * MINUTE_MS;
}

/** As `request` made it: a proposal is sealed, so nobody else did. */
function parseBody(body: JsonObject): RevealRequest {
  const { requestId, fields, purpose, ticket, minutes } = body;
  return {
    requestId: textOf(requestId),
    fields: REVEALABLE.filter((field) => isList(fields) && fields.includes(field)),
    purpose: textOf(purpose),
    ticket: textOf(ticket),
    minutes: Number(minutes),
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
