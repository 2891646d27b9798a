/** Who calls, as the issuer vouched for it. Only identity/ makes one. */
export interface Principal {
  /** Issuer URL the token came from. */
  readonly issuer: string;
  readonly tenant: string;
  readonly subject: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  /** OAuth client id, when the token names one. */
  readonly client: string | undefined;
  /** Purposes of processing this caller may declare (GDPR 5(1)(b)). */
  readonly purposes: readonly string[];
  /** Regions whose data subjects this caller may speak for; left out when the issuer does not say. */
  readonly subjectRegions?: readonly string[];
  /** Token id, for revocation and for the record. */
  readonly tokenId: string | undefined;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}
