/** Answers of the service `holdfast` as they stand on the wire: dates are seconds since the epoch. */

export interface Source {
  readonly Name: string;
  readonly Kind: string;
  readonly Settings: Readonly<Record<string, unknown>>;
  readonly Tags: Readonly<Record<string, string>>;
  readonly Origin: 'configuration' | 'api';
  readonly Status: 'unchecked' | 'reachable' | 'unreachable';
  readonly StatusMessage?: string;
  readonly CreationDate: number;
  readonly LastDiscoveryDate?: number;
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
  readonly LocalTags: Readonly<Record<string, string>>;
  readonly SizeInBytes?: number;
  readonly Status: 'available' | 'unavailable' | 'vanished';
  readonly StatusMessage?: string;
  readonly LastSeenDate: number;
}

export interface FoundResource {
  readonly ResourceArn: string;
  readonly ResourceType: string;
  readonly Name: string;
  readonly Status: string;
  readonly StatusMessage?: string;
  readonly SizeInBytes?: number;
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
  readonly PathBase64: string;
  readonly Code: string;
  readonly Message: string;
  readonly DataMissing: boolean;
}

export interface RestoreField {
  readonly Name: string;
  readonly Required: boolean;
  readonly Description: string;
  readonly Values?: readonly string[];
  readonly DefaultValue?: string;
}

export interface ConnectorKind {
  readonly Kind: string;
  readonly Title: string;
  readonly ResourceTypes: readonly string[];
  readonly Abilities: {
    readonly Incremental: boolean;
    readonly ItemLevelRestore: boolean;
    readonly Continuous: boolean;
  };
  readonly SettingsSchema: SettingsSchema;
  readonly RestoreFields: readonly RestoreField[];
}

/** The part of JSON Schema that forms are made of. */
export interface SettingsSchema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SettingsSchema>>;
  readonly required?: readonly string[];
  readonly items?: SettingsSchema;
  readonly anyOf?: readonly SettingsSchema[];
  readonly oneOf?: readonly SettingsSchema[];
  readonly additionalProperties?: SettingsSchema | boolean;
}

export interface Verdict {
  readonly ResourceArn: string;
  readonly ResourceType: string;
  readonly Name: string;
  readonly Reason: string;
  readonly Detail?: string;
}

export interface SelectionPreview {
  readonly IncludedCount: number;
  readonly TotalCount: number;
  readonly Included: readonly Verdict[];
  readonly Excluded: readonly Verdict[];
}

/** What is captured without end of a resource, as far as the console shows it. */
export interface ContinuousCapture {
  readonly Gaps: readonly { readonly FromDate: number; readonly ToDate: number }[];
}

export interface Worker {
  readonly WorkerId: string;
  readonly JobIds: readonly string[];
}

export interface ServerStatus {
  readonly Version: string;
  readonly StartDate: number;
  readonly AccountId: string;
  readonly Region: string;
  readonly ConnectorKinds: readonly string[];
}
