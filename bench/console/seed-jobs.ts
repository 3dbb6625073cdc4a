/**
 * Fills a catalog (SQLite) with ended backup jobs, spread evenly over the last 14 days, for measurements. As a program:
 * node scripts/run.mjs bench/console/seed-jobs.ts <catalog.db> [number of jobs]
 */
import { DatabaseSync } from 'node:sqlite';

const SPAN_MS = 14 * 86_400_000;

/** 1,000 resources of four types; one job in fifty fails, one in seventy is partial, one in ninety expires. */
const FILL = `
  insert into jobs
  with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < :count)
  select
    printf('seed-%08x-%d', (i * 2654435761) & 4294967295, i), 'backup', '123456789012', 'us-east-1',
    printf('arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-%017x', i % 1000),
    case i % 4 when 0 then 'EFS' when 1 then 'S3' when 2 then 'RDS' else 'EBS' end, null, 'ended',
    case when i % 50 = 0 then 'FAILED' when i % 70 = 0 then 'PARTIAL' when i % 90 = 0 then 'EXPIRED' else 'COMPLETED' end,
    case when i % 50 = 0 then 'The source could not be reached.' else null end,
    case when i % 50 = 0 then 'FAILURE' when i % 70 = 0 then 'PARTIAL' else 'SUCCESS' end,
    :first + i * :step, :first + i * :step + 3600000, null, :first + i * :step, null, null, 1, 0, 0, null,
    :first + i * :step + 1000, :first + i * :step + 61000, null, 100, 1000000, 'Default', null,
    printf('arn:aws:backup:us-east-1:123456789012:recovery-point:%08x-%d', (i * 2654435761) & 4294967295, i),
    null, null, null, null,
    json_object(
      'accountId', '123456789012', 'region', 'us-east-1',
      'jobId', printf('seed-%08x-%d', (i * 2654435761) & 4294967295, i),
      'vaultId', 'seed', 'vaultName', 'Default',
      'vaultArn', 'arn:aws:backup:us-east-1:123456789012:backup-vault:Default', 'vaultType', 'BACKUP_VAULT',
      'resourceArn', printf('arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-%017x', i % 1000),
      'resourceName', printf('share %d', i % 1000),
      'resourceType', case i % 4 when 0 then 'EFS' when 1 then 'S3' when 2 then 'RDS' else 'EBS' end,
      'iamRoleArn', 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole',
      'recoveryPointArn', printf('arn:aws:backup:us-east-1:123456789012:recovery-point:%08x-%d', (i * 2654435761) & 4294967295, i),
      'recoveryPointTags', json('{}'), 'backupOptions', json('{}'), 'createdAt', :first + i * :step,
      'scheduledAt', :first + i * :step, 'startBy', :first + i * :step + 3600000,
      'isParent', json('false'), 'isContinuous', json('false')),
    '{"sizeBytes":1000000,"issueCount":0}'
  from n`;

/** @param now ms since the epoch; the newest job was made a minute before */
export function seedJobs(catalogPath: string, count: number, now: number): void {
  const database = new DatabaseSync(catalogPath, { timeout: 30_000 });
  try {
    const step = Math.floor(SPAN_MS / count);
    database.prepare(FILL).run({ count, step, first: now - 60_000 - step * (count - 1) });
  } finally {
    database.close();
  }
}

if (import.meta.main) {
  const [path, count = '100000'] = process.argv.slice(2);
  if (path === undefined) throw new Error('Name the catalog to fill.');
  seedJobs(path, Number(count), Date.now());
}
