/** Plans with their versions and the cursors of their rules, selections, and the record of missed occurrences. */
export interface PlanTables {
  backup_plans: {
    plan_id: string;
    account_id: string;
    region: string;
    arn: string;
    name: string;
    creator_request_id: string | null;
    /** JSON: PlanManager; null for the plans of users. */
    managed_by: string | null;
    created_at: number;
    deleted_at: number | null;
    last_executed_at: number | null;
    version_id: string;
    version_created_at: number;
    /** JSON: the body of the current version. */
    document: string;
  };
  backup_plan_versions: {
    plan_id: string;
    sequence: number;
    version_id: string;
    created_at: number;
    document: string;
  };
  backup_rule_cursors: {
    plan_id: string;
    rule_id: string;
    account_id: string;
    region: string;
    decided_until: number;
    anchor_at: number;
    next_fire_at: number | null;
  };
  missed_occurrences: {
    plan_id: string;
    recorded_at: number;
    rule_id: string;
    first_at: number;
    last_at: number;
    occurrence_count: number;
  };
  backup_selections: {
    selection_id: string;
    plan_id: string;
    account_id: string;
    region: string;
    creator_request_id: string | null;
    created_at: number;
    document: string;
  };
}
