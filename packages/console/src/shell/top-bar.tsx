import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { userNameOf } from '../api/resource-names.ts';
import { changeLanguage, LANGUAGES, type Language } from '../i18n/texts.ts';
import { paths } from '../paths.ts';
import { recentRoles } from '../session/role-choice.ts';
import { sessionStore } from '../session/session-store.ts';
import { useConsole } from '../session/use-console.ts';
import { THEMES, type Theme, useTheme } from './theme.ts';

const SwitchRoleDialog = lazy(async () => ({ default: (await import('./switch-role-dialog.tsx')).SwitchRoleDialog }));

/** Account and role, region, language, theme, and the way out. */
export function TopBar() {
  const { t, i18n } = useTranslation();
  const { session, region, setRegion } = useConsole();
  const navigate = useNavigate();
  const [theme, setTheme] = useTheme();
  const [roleToSwitch, setRoleToSwitch] = useState<string | undefined>();
  const checked = (id: string, isChecked: boolean, text: string) => ({
    id,
    text,
    itemType: 'checkbox' as const,
    checked: isChecked,
  });
  const regions = session.regions.includes(region) ? session.regions : [region, ...session.regions];
  const userName = `${userNameOf(session.arn)} @ ${session.accountId}`;
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
        ...(session.roleArn === undefined
          ? []
          : [{ id: 'switch-back', text: t('shell.switchBack', { name: userNameOf(session.signedInAs) }) }]),
        { id: 'role:', text: t('shell.switchRole') },
        ...recentRoles()
          .filter((roleArn) => roleArn !== session.roleArn)
          .map((roleArn) => ({ id: `role:${roleArn}`, text: roleLabel(roleArn) })),
        { id: 'users', text: t('nav.users') },
        { id: 'settings', text: t('nav.settings') },
        { id: 'sign-out', text: t('shell.signOut') },
      ],
      onItemClick: ({ detail }) => {
        if (detail.id === 'switch-back') void sessionStore.switchBack();
        if (detail.id.startsWith('role:')) setRoleToSwitch(detail.id.slice('role:'.length));
        if (detail.id === 'sign-out') void sessionStore.signOut();
        if (detail.id === 'users') void navigate(paths.users);
        if (detail.id === 'settings') void navigate(paths.settings);
      },
    },
  ];
  return (
    <>
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
      {roleToSwitch !== undefined && (
        <Suspense>
          <SwitchRoleDialog roleArn={roleToSwitch} onClose={() => setRoleToSwitch(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** `role @ account`, as AWS's console lists them. */
function roleLabel(roleArn: string): string {
  return `${roleArn.slice(roleArn.lastIndexOf('/') + 1)} @ ${roleArn.split(':')[4]}`;
}
