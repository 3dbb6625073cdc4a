import { sessionStore } from '../session/session-store.ts';

/**
 * Fetches side by side what would be fetched one after the other: who is signed in, the SDK, and, where most visits
 * begin, the dashboard with what it shows.
 */
export async function warmUp(): Promise<void> {
  const session = sessionStore.load();
  const isDashboard = window.location.pathname === '/';
  void import('@aws-sdk/client-backup');
  if (!isDashboard) return await session;
  const prefetching = import('../pages/dashboard/prefetch-dashboard.ts');
  void import('../pages/dashboard/dashboard-page.tsx');
  void import('../pages/dashboard/job-charts.tsx');
  const [{ prefetchDashboard }] = await Promise.all([prefetching, session]);
  const state = sessionStore.state();
  if (state.kind === 'signed-in') prefetchDashboard(state.session);
}
