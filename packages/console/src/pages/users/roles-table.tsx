import type { Role } from '@aws-sdk/client-iam';
import { useTranslation } from 'react-i18next';
import { callIam } from '../../api/iam-api.ts';
import { Copyable } from '../../components/copyable.tsx';
import { Empty } from '../../components/empty.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Time } from '../../components/time.tsx';

/** The roles with whose rights jobs work. */
export function RolesTable() {
  const { t } = useTranslation();
  return (
    <PagedTable<Role>
      id="roles"
      title={t('users.roles')}
      description={t('users.rolesHint')}
      columns={[
        { id: 'name', header: t('common.name'), value: ({ RoleName }) => RoleName, width: 280 },
        { id: 'arn', header: 'ARN', value: ({ Arn }) => Arn, cell: ({ Arn }) => <Copyable text={Arn} />, width: 420 },
        {
          id: 'created',
          header: t('common.created'),
          value: ({ CreateDate }) => CreateDate?.getTime(),
          cell: ({ CreateDate }) => <Time at={CreateDate} />,
          width: 215,
        },
      ]}
      keyOf={({ RoleName }) => RoleName ?? ''}
      queryKey={['roles']}
      load={(Marker, MaxItems) =>
        callIam(async (client, { ListRolesCommand }) => {
          const page = await client.send(new ListRolesCommand({ Marker, MaxItems }));
          return { items: page.Roles ?? [], nextToken: page.IsTruncated === true ? page.Marker : undefined };
        })
      }
      empty={<Empty title={t('users.noRoles')} hint={t('role.defaultHint')} />}
    />
  );
}
