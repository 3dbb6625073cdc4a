import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { paths } from '../paths.ts';

/** The pages, in AWS Backup's order and words. */
export function SideNav() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const link = (key: string, href: string): SideNavigationProps.Link => ({ type: 'link', text: t(`nav.${key}`), href });
  const items: SideNavigationProps.Item[] = [
    link('dashboard', paths.dashboard),
    link('jobs', paths.jobs('backup')),
    { type: 'divider' },
    {
      type: 'section-group',
      title: t('nav.myAccount'),
      items: [
        link('vaults', paths.vaults),
        link('plans', paths.plans),
        link('protectedResources', paths.protectedResources),
        link('legalHolds', paths.legalHolds),
        link('activity', paths.activity),
        link('bulk', paths.bulkOperations),
      ],
    },
    { type: 'divider' },
    {
      type: 'section-group',
      title: t('nav.administration'),
      items: [link('sources', paths.sources), link('users', paths.users), link('settings', paths.settings)],
    },
  ];
  return (
    <SideNavigation
      header={{ text: t('nav.title'), href: paths.dashboard }}
      activeHref={activeHref(pathname)}
      items={items}
      onFollow={(event) => {
        if (event.detail.external === true) return;
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}

/** A page below one of the menu marks that one. */
function activeHref(pathname: string): string {
  if (pathname.startsWith('/jobs/')) return paths.jobs('backup');
  if (pathname.startsWith('/backups/')) return paths.protectedResources;
  const [, first = ''] = pathname.split('/');
  return `/${first}`;
}
