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
  ...(['policy.read', 'policy.submit', 'policy.simulate', 'policy.withdraw', 'policy.review'] as const),
  ...(['policy.activate', 'policy.activate.approve', 'policy.rollback', 'policy.rollback.approve'] as const),
  ...(['policy.emergency', 'policy.break-glass'] as const),
  ...(['policy.false-positive', 'policy.false-positive.approve'] as const),
] as const;

export type AdminOperation = (typeof ADMIN_OPERATIONS)[number];
