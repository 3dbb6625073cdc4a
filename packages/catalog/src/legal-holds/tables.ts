/** Legal holds and the recovery points that each took in when it was made. */
export interface LegalHoldTables {
  legal_holds: {
    hold_id: string;
    account_id: string;
    region: string;
    arn: string;
    title: string;
    description: string;
    status: string;
    /** JSON: LegalHoldCriteria. */
    criteria: string;
    created_at: number;
    idempotency_token: string | null;
    request_fingerprint: string;
    cancelled_at: number | null;
    cancel_description: string | null;
    retain_record_until: number | null;
  };
  held_recovery_points: {
    hold_id: string;
    arn: string;
    vault_id: string;
    /** 1 once the engine of the vault holds it too. */
    is_placed: number;
  };
}
