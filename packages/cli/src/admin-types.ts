/** Answers of the admin service as they stand on the wire: dates are seconds since the epoch. */

export interface Source {
  readonly Name: string;
  readonly Kind: string;
  readonly Settings: Readonly<Record<string, unknown>>;
  readonly Tags: Readonly<Record<string, string>>;
  readonly Status: 'unchecked' | 'reachable' | 'unreachable';
  readonly StatusMessage?: string;
  readonly LastDiscoveryDate?: number;
}

export interface Discovery {
  readonly Found: number;
  readonly Vanished: readonly string[];
}

export interface Finding {
  readonly What: string;
  readonly Ok: boolean;
  readonly Advisory?: boolean;
  readonly Hint?: string;
}

export interface Resource {
  readonly ResourceArn: string;
  readonly ResourceType: string;
  readonly Name: string;
  readonly Source: string;
  readonly Path?: string;
  readonly Tags: Readonly<Record<string, string>>;
  readonly SizeInBytes?: number;
  readonly Status: string;
  readonly StatusMessage?: string;
}

export interface Item {
  readonly Name: string;
  readonly Path: string;
  readonly PathBase64: string;
  readonly Type: string;
  readonly SizeInBytes: number;
  readonly ModificationDate?: number;
  readonly Mode?: number;
  readonly Uid?: number;
  readonly Gid?: number;
  readonly LinkTarget?: string;
}

export interface JobIssue {
  readonly Sequence: number;
  readonly Path: string;
  readonly Code: string;
  readonly Message: string;
  readonly DataMissing: boolean;
}

/** A run of a plan that is to come; times in seconds since the epoch. */
export interface PlanRun {
  readonly ScheduledDate: number;
  readonly RuleName: string;
  readonly BackupVaultName: string;
  readonly Effects: readonly {
    readonly BackupKind: string;
    readonly JobCount: number;
    readonly SuppressedByRuleName?: string;
  }[];
}

export interface PlanVerdict {
  readonly ResourceArn: string;
  readonly ResourceType: string;
  readonly SelectionName?: string;
  readonly Reason: string;
  readonly Detail?: string;
}

export interface PlanPreview {
  readonly BackupPlanName: string;
  readonly RunCount: number;
  readonly Runs: readonly PlanRun[];
  readonly IncludedCount: number;
  readonly TotalCount: number;
  readonly Included: readonly PlanVerdict[];
  readonly Excluded: readonly PlanVerdict[];
}

/** One request for many recovery points or jobs. */
export interface BulkOperation {
  readonly OperationId: string;
  readonly Action: string;
  readonly State: 'RUNNING' | 'STOPPING' | 'COMPLETED' | 'STOPPED';
  readonly ItemCount: number;
  readonly SucceededCount: number;
  readonly FailedCount: number;
  readonly CreationDate: number;
}

export interface BulkItem {
  readonly Target: string;
  readonly State: string;
  readonly Message?: string;
  readonly CopyJobId?: string;
}
