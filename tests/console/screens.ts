/** Every screen of the console, with what says that it is there. Used by the tests and by the screenshots. */
import type { Page } from 'playwright-core';

export interface Screen {
  readonly name: string;
  readonly path: string;
  /** The title of the page. */
  readonly title: string | RegExp;
}

/** What a console that was used a little has to show. */
export interface UsedConsole {
  readonly vault: string;
  readonly recoveryPointArn: string;
  readonly resourceArn: string;
  readonly backupJobId: string;
  readonly restoreJobId: string;
  readonly planId: string;
  readonly source: string;
  readonly bulkOperationId: string;
}

const e = encodeURIComponent;

export function allScreens(used: UsedConsole): readonly Screen[] {
  const point = `/vaults/${e(used.vault)}/recovery-points/${e(used.recoveryPointArn)}`;
  return [
    { name: 'dashboard', path: '/', title: 'Dashboard' },
    { name: 'get-started', path: '/get-started', title: 'Get started' },
    { name: 'protected-resources', path: '/protected-resources', title: 'Protected resources' },
    { name: 'protected-resource', path: `/protected-resources/${e(used.resourceArn)}`, title: used.source },
    { name: 'backup-jobs', path: '/jobs/backup', title: 'Jobs' },
    { name: 'restore-jobs', path: '/jobs/restore', title: 'Jobs' },
    { name: 'copy-jobs', path: '/jobs/copy', title: 'Jobs' },
    { name: 'backup-job', path: `/jobs/backup/${used.backupJobId}`, title: 'Backup job' },
    { name: 'restore-job', path: `/jobs/restore/${used.restoreJobId}`, title: 'Restore job' },
    { name: 'vaults', path: '/vaults', title: 'Backup vaults' },
    { name: 'create-vault', path: '/vaults/create', title: 'Create backup vault' },
    { name: 'vault', path: `/vaults/${e(used.vault)}`, title: used.vault },
    { name: 'vault-policy', path: `/vaults/${e(used.vault)}?tab=policy`, title: used.vault },
    { name: 'vault-lock', path: `/vaults/${e(used.vault)}?tab=lock`, title: used.vault },
    { name: 'vault-notifications', path: `/vaults/${e(used.vault)}?tab=notifications`, title: used.vault },
    { name: 'lock-vault', path: `/vaults/${e(used.vault)}/lock`, title: 'Create vault lock' },
    { name: 'recovery-point', path: point, title: /^recovery-point/ },
    { name: 'browse', path: `${point}/browse`, title: 'Browse recovery point' },
    { name: 'restore', path: `${point}/restore`, title: 'Restore backup' },
    { name: 'copy', path: `${point}/copy`, title: 'Copy' },
    { name: 'create-backup', path: '/backups/create', title: 'Create on-demand backup' },
    { name: 'plans', path: '/plans', title: 'Backup plans' },
    { name: 'create-plan', path: '/plans/create', title: 'Create backup plan' },
    { name: 'plan', path: `/plans/${used.planId}`, title: /^Daily/ },
    { name: 'add-rule', path: `/plans/${used.planId}/rules/new`, title: 'Add backup rule' },
    { name: 'assign', path: `/plans/${used.planId}/assign`, title: 'Assign resources' },
    { name: 'legal-holds', path: '/legal-holds', title: 'Legal holds' },
    { name: 'create-legal-hold', path: '/legal-holds/create', title: 'Add legal hold' },
    { name: 'sources', path: '/sources', title: 'Sources' },
    { name: 'add-source', path: '/sources/add', title: 'Add source' },
    { name: 'source', path: `/sources/${e(used.source)}`, title: used.source },
    { name: 'settings', path: '/settings', title: 'Settings' },
    { name: 'users', path: '/users', title: 'Users' },
    { name: 'bulk-operations', path: '/bulk-operations', title: 'Bulk operations' },
    { name: 'bulk-operation', path: `/bulk-operations/${used.bulkOperationId}`, title: 'Add tags' },
    { name: 'activity', path: '/activity', title: 'Activity' },
    { name: 'not-found', path: '/no-such-page', title: 'There is no such page' },
  ];
}

/** Opens a screen and waits until it has read what it shows. */
export async function openScreen(page: Page, base: string, { path, title }: Screen): Promise<void> {
  await page.goto(base + path);
  await page.getByRole('heading', { level: 1, name: title }).first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.getByText('Loading', { exact: true }).first().waitFor({ state: 'hidden' });
}
