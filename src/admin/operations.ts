/** What a policy of the control plane can allow, one word an act; an approval is a different act than a request. */
export const ADMIN_OPERATIONS = ['proposals.read', 'proposals.reject'] as const;

export type AdminOperation = (typeof ADMIN_OPERATIONS)[number];
