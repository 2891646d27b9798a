import { type Facts } from './facts.ts';

/** What a condition may ask about. A closed table: an attribute that is not here cannot be written in a policy. */
interface AttributeOf<Type extends string, Value> {
  readonly type: Type;
  /** Undefined when this call has no such value. */
  readonly read: (facts: Facts) => Value | undefined;
  /** True when the answer changes with the clock alone; decisions that asked are not cached. */
  readonly timeDependent?: true;
}

export type Attribute =
  AttributeOf<'text', string> | AttributeOf<'list', readonly string[]> | AttributeOf<'number', number>;

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const ATTRIBUTES = {
  'principal.tenant': { type: 'text', read: ({ input }) => input.principal.tenant },
  'principal.subject': { type: 'text', read: ({ input }) => input.principal.subject },
  'principal.issuer': { type: 'text', read: ({ input }) => input.principal.issuer },
  'principal.client': { type: 'text', read: ({ input }) => input.principal.client },
  // As the token names them: roles that the set itself adds are asked for by a rule's subjects.
  'principal.roles': { type: 'list', read: ({ input }) => input.principal.roles },
  'principal.groups': { type: 'list', read: ({ input }) => input.principal.groups },
  'principal.purposes': { type: 'list', read: ({ input }) => input.principal.purposes },
  operation: { type: 'text', read: ({ input }) => input.operation },
  model: { type: 'text', read: ({ input }) => input.model },
  purpose: { type: 'text', read: ({ purpose }) => purpose },
  // Of the declared purpose, as the set's `purposes` say.
  'purpose.lawful_basis': { type: 'text', read: ({ declared }) => declared?.lawful_basis },
  'purpose.special_category_basis': {
    type: 'text',
    read: ({ declared }) => declared?.special_category_basis,
  },
  'subject.region': { type: 'text', read: ({ input }) => input.subjectRegion },
  'destination.runner': { type: 'text', read: ({ input }) => input.destination.runner },
  'destination.trust': { type: 'text', read: ({ input }) => input.destination.trust },
  'destination.region': { type: 'text', read: ({ region }) => region },
  'destination.dpa_signed': { type: 'text', read: ({ processor }) => processor.dpa?.signed },
  'destination.dpa_ref': { type: 'text', read: ({ processor }) => processor.dpa?.ref },
  'destination.retention_days': { type: 'number', read: ({ processor }) => processor.retentionDays },
  'destination.subprocessors': { type: 'list', read: ({ processor }) => processor.subprocessors },
  'destination.transfer_basis': { type: 'text', read: ({ processor }) => processor.transferBasis },
  'destination.pipia_id': { type: 'text', read: ({ processor }) => processor.pipiaId },
  'destination.attestations': { type: 'list', read: ({ processor }) => processor.attestations },
  'time.hour': {
    type: 'number',
    read: ({ input }) => new Date(input.nowMs).getUTCHours(),
    timeDependent: true,
  },
  'time.weekday': {
    type: 'text',
    read: ({ input }) => WEEKDAYS[new Date(input.nowMs).getUTCDay()],
    timeDependent: true,
  },
} as const satisfies Record<string, Attribute>;

export type AttributeName = keyof typeof ATTRIBUTES;

export const ATTRIBUTE_NAMES = Object.keys(ATTRIBUTES).filter(isAttributeName);

export function isAttributeName(name: string): name is AttributeName {
  return Object.hasOwn(ATTRIBUTES, name);
}

export function attribute(name: AttributeName): Attribute {
  return ATTRIBUTES[name];
}
