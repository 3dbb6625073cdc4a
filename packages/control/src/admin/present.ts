/** Records in the words of the admin service. */
import type { ItemRecord } from '@holdfast/engine';
import type { JobIssueRecord } from '../backup-jobs/backup-job-store.ts';
import { optionalDate } from '../optional-date.ts';
import { effectiveTags, type ResourceRecord } from '../resources/resource-store.ts';
import type { SourceRecord } from '../sources/source-store.ts';
import type { AdminOperations } from './admin-service.ts';

export function presentSource(source: SourceRecord): AdminOperations['GetSource']['output']['Source'] {
  return {
    Name: source.name,
    Kind: source.kind,
    Settings: source.settings,
    Tags: { ...source.tags },
    Origin: source.origin,
    Status: source.status,
    StatusMessage: source.statusMessage,
    CreationDate: new Date(source.createdAt),
    LastDiscoveryDate: optionalDate(source.lastDiscoveredAt),
  };
}

export function presentResource(resource: ResourceRecord): AdminOperations['GetResource']['output']['Resource'] {
  return {
    ResourceArn: resource.arn,
    ResourceType: resource.resourceType,
    Name: resource.name,
    Source: resource.sourceName,
    Path: resource.path,
    Tags: { ...effectiveTags(resource) },
    LocalTags: { ...resource.localTags },
    SizeInBytes: resource.sizeBytes,
    Status: resource.status,
    StatusMessage: resource.statusMessage,
    CreationDate: optionalDate(resource.createdAt),
    FirstSeenDate: new Date(resource.firstSeenAt),
    LastSeenDate: new Date(resource.lastSeenAt),
    CreatedByRestoreJobId: resource.createdByRestoreJobId,
  };
}

type Item = NonNullable<AdminOperations['ListRecoveryPointItems']['output']['Item']>;

export function presentItem(item: ItemRecord): Item {
  const path = textOf(item.path);
  const posix = item.metadata.posix;
  return {
    Name: path.slice(path.lastIndexOf('/') + 1),
    Path: path,
    PathBase64: Buffer.from(item.path).toString('base64'),
    Type: item.type,
    SizeInBytes: item.sizeBytes,
    ModificationDate: posix === undefined ? undefined : new Date(Number(posix.modifiedAtNs / 1_000_000n)),
    Mode: posix?.mode,
    Uid: posix?.uid,
    Gid: posix?.gid,
    LinkTarget: item.linkTarget === undefined ? undefined : textOf(item.linkTarget),
  };
}

export function presentIssue(issue: JobIssueRecord): AdminOperations['ListJobIssues']['output']['Issues'][number] {
  return {
    Sequence: issue.sequence,
    Path: textOf(issue.path),
    PathBase64: Buffer.from(issue.path).toString('base64'),
    Code: issue.code,
    Message: issue.message,
    DataMissing: issue.dataMissing,
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
