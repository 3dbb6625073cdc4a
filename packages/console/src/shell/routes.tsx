import { type ComponentType, lazy } from 'react';
import type { RouteObject } from 'react-router';

/** Every page is a piece of its own, loaded when it is opened. */
function page<Name extends string>(load: () => Promise<Readonly<Record<Name, ComponentType>>>, name: Name) {
  const Page = lazy<ComponentType>(async () => ({ default: (await load())[name] }));
  return <Page />;
}

export const routes: RouteObject[] = [
  { path: '/', element: page(() => import('../pages/dashboard/dashboard-page.tsx'), 'DashboardPage') },
  { path: '/get-started', element: page(() => import('../pages/first-run/first-run-page.tsx'), 'FirstRunPage') },
  {
    path: '/protected-resources',
    element: page(() => import('../pages/protected-resources/protected-resources-page.tsx'), 'ProtectedResourcesPage'),
  },
  {
    path: '/protected-resources/:arn',
    element: page(() => import('../pages/protected-resources/protected-resource-page.tsx'), 'ProtectedResourcePage'),
  },
  { path: '/jobs/backup/:id', element: page(() => import('../pages/jobs/backup-job-page.tsx'), 'BackupJobPage') },
  { path: '/jobs/copy/:id', element: page(() => import('../pages/jobs/copy-job-page.tsx'), 'CopyJobPage') },
  { path: '/jobs/restore/:id', element: page(() => import('../pages/jobs/restore-job-page.tsx'), 'RestoreJobPage') },
  { path: '/jobs/:kind', element: page(() => import('../pages/jobs/jobs-page.tsx'), 'JobsPage') },
  { path: '/vaults', element: page(() => import('../pages/vaults/vaults-page.tsx'), 'VaultsPage') },
  { path: '/vaults/create', element: page(() => import('../pages/vaults/create-vault-page.tsx'), 'CreateVaultPage') },
  { path: '/vaults/:vault', element: page(() => import('../pages/vaults/vault-page.tsx'), 'VaultPage') },
  { path: '/vaults/:vault/lock', element: page(() => import('../pages/vaults/lock-vault-page.tsx'), 'LockVaultPage') },
  {
    path: '/vaults/:vault/recovery-points/:arn',
    element: page(() => import('../pages/recovery-points/recovery-point-page.tsx'), 'RecoveryPointPage'),
  },
  {
    path: '/vaults/:vault/recovery-points/:arn/browse',
    element: page(() => import('../pages/recovery-points/browse-page.tsx'), 'BrowsePage'),
  },
  {
    path: '/vaults/:vault/recovery-points/:arn/restore',
    element: page(() => import('../pages/recovery-points/restore-page.tsx'), 'RestorePage'),
  },
  {
    path: '/vaults/:vault/recovery-points/:arn/copy',
    element: page(() => import('../pages/recovery-points/copy-page.tsx'), 'CopyPage'),
  },
  {
    path: '/backups/create',
    element: page(() => import('../pages/backups/create-backup-page.tsx'), 'CreateBackupPage'),
  },
  { path: '/plans', element: page(() => import('../pages/plans/plans-page.tsx'), 'PlansPage') },
  { path: '/plans/create', element: page(() => import('../pages/plans/create-plan-page.tsx'), 'CreatePlanPage') },
  { path: '/plans/:id', element: page(() => import('../pages/plans/plan-page.tsx'), 'PlanPage') },
  { path: '/plans/:id/rules/:rule', element: page(() => import('../pages/plans/edit-rule-page.tsx'), 'EditRulePage') },
  { path: '/plans/:id/assign', element: page(() => import('../pages/plans/assign-page.tsx'), 'AssignPage') },
  { path: '/legal-holds', element: page(() => import('../pages/legal-holds/legal-holds-page.tsx'), 'LegalHoldsPage') },
  {
    path: '/legal-holds/create',
    element: page(() => import('../pages/legal-holds/create-legal-hold-page.tsx'), 'CreateLegalHoldPage'),
  },
  {
    path: '/legal-holds/:id',
    element: page(() => import('../pages/legal-holds/legal-hold-page.tsx'), 'LegalHoldPage'),
  },
  { path: '/sources', element: page(() => import('../pages/sources/sources-page.tsx'), 'SourcesPage') },
  { path: '/sources/add', element: page(() => import('../pages/sources/add-source-page.tsx'), 'AddSourcePage') },
  { path: '/sources/:name', element: page(() => import('../pages/sources/source-page.tsx'), 'SourcePage') },
  { path: '/settings', element: page(() => import('../pages/settings/settings-page.tsx'), 'SettingsPage') },
  { path: '/users', element: page(() => import('../pages/users/users-page.tsx'), 'UsersPage') },
  { path: '/activity', element: page(() => import('../pages/activity/activity-page.tsx'), 'ActivityPage') },
  {
    path: '/bulk-operations',
    element: page(() => import('../pages/bulk/bulk-operations-page.tsx'), 'BulkOperationsPage'),
  },
  {
    path: '/bulk-operations/:id',
    element: page(() => import('../pages/bulk/bulk-operation-page.tsx'), 'BulkOperationPage'),
  },
  { path: '*', element: page(() => import('../pages/not-found-page.tsx'), 'NotFoundPage') },
];
