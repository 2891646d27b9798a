/** What a policy of the control plane can allow, one word an act; an approval is a different act than a request. */
export const ADMIN_OPERATIONS = [
  'proposals.read',
  'proposals.reject',
  'audit.hold.read',
  'audit.hold.place',
  'audit.hold.release',
  'audit.hold.release.approve',
  'audit.erase',
  'audit.retention.read',
  'audit.retention.run',
  ...['audit.search', 'report.processing', 'report.breach', 'report.disclosures', 'report.subject'],
  ...['audit.prove', 'audit.export', 'audit.export.read', 'audit.export.approve'],
  ...['audit.reveal', 'audit.reveal.approve'],
] as const;

export type AdminOperation = (typeof ADMIN_OPERATIONS)[number];
