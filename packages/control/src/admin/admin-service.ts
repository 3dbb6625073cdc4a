/**
 * The service `holdfast`: what AWS's API has no words for. Signed like AWS's services (service name `holdfast`), spoken
 * in restJson1, described by the schemas below.
 */
import { defineService, describe, type Handler } from '@holdfast/wire';
import { activitySchemas } from '../activity/activity-schemas.ts';
import { bulkSchemas } from '../bulk-operations/bulk-schemas.ts';
import { continuousSchemas } from '../continuous/continuous-schemas.ts';
import { searchSchemas } from '../search/search-schemas.ts';

const {
  boolean,
  byteStream,
  document,
  enumeration,
  errorShape,
  header,
  integer,
  label,
  list,
  map,
  number,
  operation,
  payload,
  query,
  required,
  sensitive,
  string,
  structure,
  timestamp,
} = describe;

const NAME = { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$' };
const paging = {
  MaxResults: query('maxResults', integer({ min: 1, max: 1000 })),
  NextToken: query('nextToken', string()),
};
const tags = () => map(string());
/** Secrets are named, not given; whoever writes one here all the same shall not read it in the audit trail. */
const settings = () => sensitive(document());

const Source = structure('Source', {
  Name: required(string()),
  Kind: required(string()),
  Settings: required(document()),
  Tags: required(tags()),
  Origin: required(enumeration('configuration', 'api')),
  Status: required(enumeration('unchecked', 'reachable', 'unreachable')),
  StatusMessage: string(),
  CreationDate: required(timestamp()),
  LastDiscoveryDate: timestamp(),
});

const Discovery = structure('Discovery', {
  Found: required(integer()),
  Vanished: required(list(string())),
});

const Finding = structure('Finding', {
  What: required(string()),
  Ok: required(boolean()),
  /** The finding is not ok, and backups work all the same. */
  Advisory: boolean(),
  Hint: string(),
});

const Resource = structure('Resource', {
  ResourceArn: required(string()),
  ResourceType: required(string()),
  Name: required(string()),
  Source: required(string()),
  Path: string(),
  Tags: required(tags()),
  LocalTags: required(tags()),
  SizeInBytes: number(),
  Status: required(enumeration('available', 'unavailable', 'vanished')),
  StatusMessage: string(),
  CreationDate: timestamp(),
  FirstSeenDate: required(timestamp()),
  LastSeenDate: required(timestamp()),
  CreatedByRestoreJobId: string(),
});

const Item = structure('Item', {
  /** The name within its directory; bytes that are not UTF-8 show as U+FFFD, and `PathBase64` has the true path. */
  Name: required(string()),
  Path: required(string()),
  PathBase64: required(string()),
  Type: required(string()),
  SizeInBytes: required(number()),
  ModificationDate: timestamp(),
  Mode: integer(),
  Uid: integer(),
  Gid: integer(),
  LinkTarget: string(),
});

const JobIssue = structure('JobIssue', {
  Sequence: required(integer()),
  Path: required(string()),
  PathBase64: required(string()),
  Code: required(string()),
  Message: required(string()),
  DataMissing: required(boolean()),
});

const Worker = structure('Worker', {
  WorkerId: required(string()),
  JobIds: required(list(string())),
});

const RestoreField = structure('RestoreField', {
  Name: required(string()),
  Required: required(boolean()),
  Description: required(string()),
  Values: list(string()),
  DefaultValue: string(),
});

const ConnectorKind = structure('ConnectorKind', {
  Kind: required(string()),
  Title: required(string()),
  ResourceTypes: required(list(string())),
  Abilities: required(
    structure('Abilities', {
      Incremental: required(boolean()),
      ItemLevelRestore: required(boolean()),
      Continuous: required(boolean()),
    }),
  ),
  /** JSON Schema of the settings of a source of this kind. */
  SettingsSchema: required(document()),
  RestoreFields: required(list(RestoreField)),
});

const FoundResource = structure('FoundResource', {
  ResourceArn: required(string()),
  ResourceType: required(string()),
  Name: required(string()),
  Status: required(string()),
  StatusMessage: string(),
  SizeInBytes: number(),
});

const Verdict = structure('Verdict', {
  ResourceArn: required(string()),
  ResourceType: required(string()),
  Name: required(string()),
  /** `resources`, `tag`, `everything`; or `no-match`, `not-resources`, `condition`, `not-opted-in`. */
  Reason: required(string()),
  /** The pattern, tag, condition or type that decided. */
  Detail: string(),
  /** The selection whose verdict this is, where several were asked. */
  SelectionName: string(),
});

const PlanRun = structure('PlanRun', {
  ScheduledDate: required(timestamp()),
  StartByDate: required(timestamp()),
  RuleName: required(string()),
  BackupVaultName: required(string()),
  Effects: required(
    list(
      structure('PlanRunEffect', {
        /** `snapshot`, `continuous`, or `ignored` for a further continuous rule. */
        BackupKind: required(string()),
        JobCount: required(integer()),
        /** The rule that makes the backup instead, and its occurrence. */
        SuppressedByRuleName: string(),
        SuppressedByDate: timestamp(),
      }),
    ),
  ),
});

const itemOf = {
  RecoveryPointArn: label(string()),
  /** The path inside the recovery point as text; empty is the root. */
  Path: query('path', string()),
  /** The path as bytes in base64, for names that are no text; wins over `path`. */
  PathBase64: query('pathBase64', string()),
};

const named = (name: string) => structure(`${name}Input`, { Name: label(string(NAME)) });

const schemas = {
  ...bulkSchemas,
  ...continuousSchemas,
  ...searchSchemas,
  ...activitySchemas,
  AddSource: operation('AddSource', {
    http: ['PUT', '/sources/{Name}', 200],
    input: structure('AddSourceInput', {
      Name: label(string(NAME)),
      Kind: required(string({ minLength: 1, maxLength: 50 })),
      Settings: settings(),
      Tags: tags(),
    }),
    output: structure('AddSourceOutput', { Source: required(Source), Discovery }),
  }),
  GetSource: operation('GetSource', {
    http: ['GET', '/sources/{Name}', 200],
    input: named('GetSource'),
    output: structure('GetSourceOutput', { Source: required(Source) }),
  }),
  ListSources: operation('ListSources', {
    http: ['GET', '/sources', 200],
    input: structure('ListSourcesInput', paging),
    output: structure('ListSourcesOutput', { Sources: required(list(Source)), NextToken: string() }),
  }),
  RemoveSource: operation('RemoveSource', {
    http: ['DELETE', '/sources/{Name}', 200],
    input: named('RemoveSource'),
    output: structure('RemoveSourceOutput', {}),
  }),
  CheckSource: operation('CheckSource', {
    http: ['POST', '/sources/{Name}/check', 200],
    input: named('CheckSource'),
    output: structure('CheckSourceOutput', { Findings: required(list(Finding)) }),
  }),
  DiscoverSource: operation('DiscoverSource', {
    http: ['POST', '/sources/{Name}/discover', 200],
    input: named('DiscoverSource'),
    output: structure('DiscoverSourceOutput', { Discovery: required(Discovery) }),
  }),
  ListResources: operation('ListResources', {
    http: ['GET', '/resources', 200],
    input: structure('ListResourcesInput', {
      ResourceType: query('resourceType', string()),
      Source: query('source', string()),
      Path: query('path', string()),
      /** Part of a name, ARN, path or source, in any case. */
      Text: query('text', string({ minLength: 1, maxLength: 256 })),
      ...paging,
    }),
    output: structure('ListResourcesOutput', { Resources: required(list(Resource)), NextToken: string() }),
  }),
  GetResource: operation('GetResource', {
    http: ['GET', '/resources/{ResourceArn}', 200],
    input: structure('GetResourceInput', { ResourceArn: label(string()) }),
    output: structure('GetResourceOutput', { Resource: required(Resource) }),
  }),
  DeleteResource: operation('DeleteResource', {
    http: ['DELETE', '/resources/{ResourceArn}', 200],
    input: structure('DeleteResourceInput', { ResourceArn: label(string()) }),
    output: structure('DeleteResourceOutput', {}),
  }),
  TagResource: operation('TagResource', {
    http: ['POST', '/resources/{ResourceArn}/tags', 200],
    input: structure('TagResourceInput', { ResourceArn: label(string()), Tags: required(tags()) }),
    output: structure('TagResourceOutput', { Resource: required(Resource) }),
  }),
  UntagResource: operation('UntagResource', {
    http: ['POST', '/resources/{ResourceArn}/untag', 200],
    input: structure('UntagResourceInput', { ResourceArn: label(string()), TagKeys: required(list(string())) }),
    output: structure('UntagResourceOutput', { Resource: required(Resource) }),
  }),
  ListRecoveryPointItems: operation('ListRecoveryPointItems', {
    http: ['GET', '/recovery-points/{RecoveryPointArn}/items', 200],
    input: structure('ListRecoveryPointItemsInput', { ...itemOf, ...paging }),
    output: structure('ListRecoveryPointItemsOutput', {
      /** The item that the path names. */
      Item,
      /** What it contains, when it is a directory. */
      Items: required(list(Item)),
      NextToken: string(),
    }),
  }),
  SearchRecoveryPointItems: operation('SearchRecoveryPointItems', {
    http: ['GET', '/recovery-points/{RecoveryPointArn}/item-search', 200],
    input: structure('SearchRecoveryPointItemsInput', {
      ...itemOf,
      /** Part of a name in any case, in the folder and all below it; with `*` a pattern of the whole name. */
      Text: required(query('text', string({ minLength: 1, maxLength: 256 }))),
      ...paging,
    }),
    output: structure('SearchRecoveryPointItemsOutput', {
      Items: required(list(Item)),
      /** Of this page, which may end, with a token, before anything was found. */
      SearchedCount: required(integer()),
      NextToken: string(),
    }),
  }),
  GetRecoveryPointItem: operation('GetRecoveryPointItem', {
    http: ['GET', '/recovery-points/{RecoveryPointArn}/content', 200],
    input: structure('GetRecoveryPointItemInput', itemOf),
    output: structure('GetRecoveryPointItemOutput', {
      SizeInBytes: header('x-holdfast-size', number()),
      ModificationDate: header('x-holdfast-modified', timestamp()),
      Content: payload(byteStream()),
    }),
  }),
  GetRecoveryPointArchive: operation('GetRecoveryPointArchive', {
    http: ['GET', '/recovery-points/{RecoveryPointArn}/archive', 200],
    input: structure('GetRecoveryPointArchiveInput', itemOf),
    output: structure('GetRecoveryPointArchiveOutput', { Content: payload(byteStream()) }),
  }),
  ListConnectors: operation('ListConnectors', {
    http: ['GET', '/connectors', 200],
    input: structure('ListConnectorsInput', {}),
    output: structure('ListConnectorsOutput', { Connectors: required(list(ConnectorKind)) }),
  }),
  CheckSettings: operation('CheckSettings', {
    http: ['POST', '/connectors/{Kind}/check', 200],
    input: structure('CheckSettingsInput', {
      Kind: label(string({ minLength: 1, maxLength: 50 })),
      Name: string(NAME),
      Settings: settings(),
    }),
    output: structure('CheckSettingsOutput', {
      Findings: required(list(Finding)),
      /** The first resources that are there; empty when the source does not work. */
      Resources: required(list(FoundResource)),
    }),
  }),
  PreviewSelection: operation('PreviewSelection', {
    http: ['POST', '/selection-previews', 200],
    input: structure('PreviewSelectionInput', {
      /** As CreateBackupSelection takes it; name and role may be missing. */
      BackupSelection: required(document()),
      MaxResults: integer({ min: 1, max: 1000 }),
    }),
    output: structure('PreviewSelectionOutput', {
      IncludedCount: required(integer()),
      TotalCount: required(integer()),
      Included: required(list(Verdict)),
      Excluded: required(list(Verdict)),
    }),
  }),
  PreviewPlan: operation('PreviewPlan', {
    http: ['POST', '/plan-previews/{BackupPlanId}', 200],
    input: structure('PreviewPlanInput', {
      BackupPlanId: label(string()),
      /** Default now. */
      FromDate: timestamp(),
      /** Default seven days after FromDate. */
      ToDate: timestamp(),
      MaxResults: integer({ min: 1, max: 1000 }),
    }),
    output: structure('PreviewPlanOutput', {
      BackupPlanName: required(string()),
      RunCount: required(integer()),
      Runs: required(list(PlanRun)),
      IncludedCount: required(integer()),
      TotalCount: required(integer()),
      Included: required(list(Verdict)),
      Excluded: required(list(Verdict)),
    }),
  }),
  ListJobIssues: operation('ListJobIssues', {
    http: ['GET', '/jobs/{JobId}/issues', 200],
    input: structure('ListJobIssuesInput', { JobId: label(string()), ...paging }),
    output: structure('ListJobIssuesOutput', { Issues: required(list(JobIssue)), NextToken: string() }),
  }),
  ListWorkers: operation('ListWorkers', {
    http: ['GET', '/workers', 200],
    input: structure('ListWorkersInput', {}),
    output: structure('ListWorkersOutput', { Workers: required(list(Worker)) }),
  }),
  GetStatus: operation('GetStatus', {
    http: ['GET', '/status', 200],
    input: structure('GetStatusInput', {}),
    output: structure('GetStatusOutput', {
      Version: required(string()),
      StartDate: required(timestamp()),
      AccountId: required(string()),
      Region: required(string()),
      ConnectorKinds: required(list(string())),
    }),
  }),
  ResourceNotFoundException: errorShape('ResourceNotFoundException', 400, errorMembers()),
  InvalidParameterValueException: errorShape('InvalidParameterValueException', 400, errorMembers()),
  MissingParameterValueException: errorShape('MissingParameterValueException', 400, errorMembers()),
  InvalidRequestException: errorShape('InvalidRequestException', 400, errorMembers()),
  LimitExceededException: errorShape('LimitExceededException', 400, errorMembers()),
  AlreadyExistsException: errorShape('AlreadyExistsException', 400, errorMembers()),
  AccessDeniedException: errorShape('AccessDeniedException', 400, errorMembers()),
  ServiceUnavailableException: errorShape('ServiceUnavailableException', 500, errorMembers()),
};

function errorMembers() {
  return { Code: string(), Message: string(), Type: string(), Context: string() };
}

export const holdfast = defineService({
  name: 'holdfast',
  protocols: ['restJson1'],
  apiVersion: '2026-01-01',
  schemas,
  errorCodes: {
    missing: 'MissingParameterValueException',
    invalid: 'InvalidParameterValueException',
    wrongType: 'InvalidRequestException',
    malformed: 'InvalidRequestException',
  },
});

/** The operations of the service with the types of their inputs and outputs. */
export type AdminOperations = NonNullable<(typeof holdfast)['types']>;

/** The handler of one admin operation. */
export type AdminHandler<Name extends keyof AdminOperations> = Handler<
  AdminOperations[Name]['input'],
  AdminOperations[Name]['output']
>;
