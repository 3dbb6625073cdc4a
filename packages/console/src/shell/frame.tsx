import AppLayout from '@cloudscape-design/components/app-layout';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate, useRoutes } from 'react-router';
import { AdminClient } from '../api/admin-client.ts';
import { createBackupApi } from '../api/backup-api.ts';
import { Flashes } from '../components/flash.tsx';
import { Loading } from '../components/loading.tsx';
import { BreadcrumbContext, type Crumb } from '../components/page.tsx';
import { writePreference } from '../components/preferences.ts';
import { paths } from '../paths.ts';
import type { ActingSession } from '../session/session-store.ts';
import { startRegion } from '../session/start-region.ts';
import { type ConsoleScope, ConsoleScopeContext } from '../session/use-console.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { routes } from './routes.tsx';
import { SideNav } from './side-nav.tsx';
import { TopBar } from './top-bar.tsx';

const WIDE = '(min-width: 688px)';

/** The console around every page, for somebody who is signed in. */
export function Frame({ session }: { readonly session: ActingSession }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const location = useLocation();
  const page = useRoutes(routes);
  const [region, setRegion] = useState(() => startRegion(session));
  const [crumbs, setCrumbs] = useState<readonly Crumb[]>([]);
  const [isNavigationOpen, setNavigationOpen] = useState(() => window.matchMedia(WIDE).matches);
  const scope = useMemo<ConsoleScope>(
    () => ({
      session,
      region,
      backup: createBackupApi(region),
      admin: new AdminClient(region),
      setRegion: (next) => {
        writePreference('region', next);
        setRegion(next);
      },
    }),
    [session, region],
  );
  return (
    <ConsoleScopeContext.Provider value={scope}>
      <BreadcrumbContext.Provider value={setCrumbs}>
        <div id="top-bar">
          <TopBar />
        </div>
        <AppLayout
          headerSelector="#top-bar"
          toolsHide
          navigation={<SideNav />}
          navigationOpen={isNavigationOpen}
          onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
          ariaLabels={{
            navigation: t('shell.navigation'),
            navigationToggle: t('shell.openNavigation'),
            navigationClose: t('shell.closeNavigation'),
            notifications: t('shell.notifications'),
          }}
          notifications={<Flashes />}
          breadcrumbs={
            <BreadcrumbGroup
              ariaLabel={t('shell.breadcrumbs')}
              items={[{ text: 'Holdfast', href: paths.dashboard }, ...crumbs]}
              onFollow={(event) => {
                event.preventDefault();
                void navigate(event.detail.href);
              }}
            />
          }
          content={
            <ErrorBoundary key={`${location.pathname}:${region}`}>
              <Suspense fallback={<Loading />}>{page}</Suspense>
            </ErrorBoundary>
          }
        />
      </BreadcrumbContext.Provider>
    </ConsoleScopeContext.Provider>
  );
}
