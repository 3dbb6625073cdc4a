/** One thing that a job's role must be allowed, in the words of policies. */
export interface RoleRight {
  /** For example `elasticfilesystem:Backup`. */
  readonly action: string;
  /** ARN; a `*` in it stands for what is not made yet. */
  readonly resource: string;
  /** Condition keys that the call carries besides those of every call. */
  readonly conditions?: Readonly<Record<string, string | boolean>>;
}
