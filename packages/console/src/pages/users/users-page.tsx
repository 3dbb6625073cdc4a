import type { User } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callIam } from '../../api/iam-api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { Empty } from '../../components/empty.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { CreateUserDialog } from './create-user-dialog.tsx';
import { deleteUser } from './delete-user.ts';
import { RolesTable } from './roles-table.tsx';

/** Who may use this account. */
export function UsersPage() {
  const { t } = useTranslation();
  const [isCreating, setCreating] = useState(false);
  const [toDelete, setToDelete] = useState<string | undefined>();
  const remove = useAction({
    run: (name: string) => callIam((client, commands) => deleteUser(client, commands, name)),
    success: (_output, name) => t('users.deleted', { name }),
    onDone: () => setToDelete(undefined),
  });
  return (
    <Page
      title={t('nav.users')}
      description={t('users.description')}
      actions={
        <Button variant="primary" onClick={() => setCreating(true)}>
          {t('users.create')}
        </Button>
      }
    >
      <SpaceBetween size="l">
        <PagedTable<User>
          id="users"
          title={t('nav.users')}
          columns={[
            { id: 'name', header: t('signIn.userName'), value: ({ UserName }) => UserName, width: 200 },
            {
              id: 'arn',
              header: 'ARN',
              value: ({ Arn }) => Arn,
              cell: ({ Arn }) => <Copyable text={Arn} />,
              width: 360,
            },
            {
              id: 'created',
              header: t('common.created'),
              value: ({ CreateDate }) => CreateDate?.getTime(),
              cell: ({ CreateDate }) => <Time at={CreateDate} />,
              width: 215,
            },
            {
              id: 'used',
              header: t('users.lastSignIn'),
              value: ({ PasswordLastUsed }) => PasswordLastUsed?.getTime(),
              cell: ({ PasswordLastUsed }) => <Time at={PasswordLastUsed} />,
              width: 215,
            },
          ]}
          keyOf={({ UserName }) => UserName ?? ''}
          queryKey={['users']}
          load={(Marker, MaxItems) =>
            callIam(async (client, { ListUsersCommand }) => {
              const page = await client.send(new ListUsersCommand({ Marker, MaxItems }));
              return { items: page.Users ?? [], nextToken: page.IsTruncated === true ? page.Marker : undefined };
            })
          }
          selection="single"
          actions={([user]) => (
            <Button disabled={user === undefined} onClick={() => setToDelete(user?.UserName)}>
              {t('common.delete')}
            </Button>
          )}
          empty={<Empty title={t('users.none')} hint={t('users.noneHint')} />}
        />
        <RolesTable />
      </SpaceBetween>
      {isCreating && <CreateUserDialog onClose={() => setCreating(false)} />}
      {toDelete !== undefined && (
        <ConfirmDialog
          title={t('users.deleteTitle', { name: toDelete })}
          word={toDelete}
          confirmText={t('common.delete')}
          isRunning={remove.isPending}
          onConfirm={() => remove.mutate(toDelete)}
          onCancel={() => setToDelete(undefined)}
        >
          {t('users.deleteHint')}
        </ConfirmDialog>
      )}
    </Page>
  );
}
