/** A catalog with very many recovery points, written as fast as SQLite takes them. */
import { DatabaseSync } from 'node:sqlite';
import { openCatalog } from '@holdfast/catalog';

/** The recovery point `i` was made `i * SPACING_MS` after the start, and expires `KEPT_MS` later. */
export const SPACING_MS = 100;
export const KEPT_MS = 35 * 86_400_000;

/** One vault holds most; 10,000 resources of four types, 100 plans, one in a thousand is PARTIAL. */
const FILL = `
  insert into recovery_points
  with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ?1)
  select
    case when i % 10 = 0 then 'vault-2' else 'vault-1' end,
    printf('arn:aws:backup:us-east-1:123456789012:recovery-point:%08x-%08x', (i * 2654435761) & 4294967295, i),
    '123456789012', 'us-east-1', 'Default', 'arn:aws:backup:us-east-1:123456789012:backup-vault:Default',
    'BACKUP_VAULT', printf('%032x', i),
    printf('arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-%017x', i % 10000),
    case (i % 10000) % 4 when 0 then 'EFS' when 1 then 'S3' when 2 then 'RDS' else 'EBS' end, null,
    case when i % 1000 = 0 then 'PARTIAL' else 'COMPLETED' end, null,
    ?2 + i * ${SPACING_MS}, ?2 + i * ${SPACING_MS}, ?2 + i * ${SPACING_MS} + 5000, 1000000, 100000, 1000, 0, 1,
    'arn:aws:kms:us-east-1:123456789012:key/1', 'AWS_OWNED_KMS_KEY', 'arn:aws:iam::123456789012:role/r',
    printf('plan-%d', i % 100), printf('job-%d', i), ?2 + i * ${SPACING_MS} + ${KEPT_MS}, null, 'WARM', null, 0, null, null, null, 0,
    null, '{"backupPlanId":"p","backupPlanArn":"arn","backupPlanVersion":"v","backupRuleId":"r"}',
    '{"deleteAfterDays":35}', null, '{"file-system-id":"fs-1"}', '{"team":"blue"}'
  from n`;

/** Makes the catalog at `path` and fills it; how long the filling took, in seconds. */
export async function fillRecoveryPoints(path: string, count: number, startAt: number): Promise<number> {
  await (await openCatalog({ kind: 'sqlite', path }, { now: Date.now })).close();
  const from = performance.now();
  const database = new DatabaseSync(path);
  database.exec('pragma synchronous = off');
  database.prepare(FILL).run(count, startAt);
  database.close();
  return (performance.now() - from) / 1000;
}
