export interface SettingsTables {
  region_settings: {
    account_id: string;
    region: string;
    /** JSON: resource type to yes or no. */
    opt_in: string;
    /** JSON: resource type to yes or no. */
    management: string;
  };
  global_settings: {
    account_id: string;
    /** JSON: name to value. */
    settings: string;
    updated_at: number;
  };
}
