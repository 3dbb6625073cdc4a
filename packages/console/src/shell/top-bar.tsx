import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { changeLanguage, LANGUAGES, type Language } from '../i18n/texts.ts';
import { paths } from '../paths.ts';
import { sessionStore } from '../session/session-store.ts';
import { useConsole } from '../session/use-console.ts';
import { THEMES, type Theme, useTheme } from './theme.ts';

/** Account, region, language, theme, and the way out. */
export function TopBar() {
  const { t, i18n } = useTranslation();
  const { session, region, setRegion } = useConsole();
  const navigate = useNavigate();
  const [theme, setTheme] = useTheme();
  const checked = (id: string, isChecked: boolean, text: string) => ({
    id,
    text,
    itemType: 'checkbox' as const,
    checked: isChecked,
  });
  const regions = session.regions.includes(region) ? session.regions : [region, ...session.regions];
  const userName = `${session.arn.slice(session.arn.lastIndexOf('/') + 1).replace(/^arn:.*:root$/, 'root')} @ ${session.accountId}`;
  const utilities: TopNavigationProps.Utility[] = [
    {
      type: 'menu-dropdown',
      text: region,
      ariaLabel: t('shell.region', { region }),
      items: regions.map((each) => checked(each, each === region, each)),
      onItemClick: ({ detail }) => setRegion(detail.id),
    },
    {
      type: 'menu-dropdown',
      iconName: 'settings',
      title: t('shell.display'),
      ariaLabel: t('shell.display'),
      items: [
        {
          id: 'language',
          text: t('shell.language'),
          items: Object.entries(LANGUAGES).map(([id, name]) => checked(`language:${id}`, id === i18n.language, name)),
        },
        {
          id: 'theme',
          text: t('shell.theme'),
          items: THEMES.map((each) => checked(`theme:${each}`, each === theme, t(`shell.themes.${each}`))),
        },
      ],
      onItemClick: ({ detail }) => {
        const [kind, value = ''] = detail.id.split(':');
        if (kind === 'language') void changeLanguage(value as Language);
        else setTheme(value as Theme);
      },
    },
    {
      type: 'menu-dropdown',
      iconName: 'user-profile',
      text: userName,
      description: t('shell.accountOf', { name: session.accountName, id: session.accountId }),
      ariaLabel: t('shell.account', { name: userName }),
      items: [
        {
          id: 'account',
          text: t('shell.accountOf', { name: session.accountName, id: session.accountId }),
          disabled: true,
        },
        { id: 'users', text: t('nav.users') },
        { id: 'settings', text: t('nav.settings') },
        { id: 'sign-out', text: t('shell.signOut') },
      ],
      onItemClick: ({ detail }) => {
        if (detail.id === 'sign-out') void sessionStore.signOut();
        if (detail.id === 'users') void navigate(paths.users);
        if (detail.id === 'settings') void navigate(paths.settings);
      },
    },
  ];
  return (
    <TopNavigation
      identity={{
        href: paths.dashboard,
        title: 'Holdfast',
        onFollow: (event) => {
          event.preventDefault();
          void navigate(paths.dashboard);
        },
      }}
      utilities={utilities}
      i18nStrings={{
        overflowMenuTriggerText: t('shell.more'),
        overflowMenuTitleText: t('common.all'),
        overflowMenuBackIconAriaLabel: t('shell.back'),
        overflowMenuDismissIconAriaLabel: t('shell.closeMenu'),
      }}
    />
  );
}
