import type { BackupRule, BackupSelectionsListMember } from '@aws-sdk/client-backup';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { roleName } from '../../api/resource-names.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { TagsPanel } from '../../components/tags-panel.tsx';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { keptRule } from './rule-form.ts';
import { RulesTable } from './rules-table.tsx';
import { usePlan } from './use-plan.ts';

/** One plan: its rules, what is assigned to it, its tags. */
export function PlanPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const navigate = useNavigate();
  const { backup } = useConsole();
  const query = usePlan(id);
  const [rule, setRule] = useState<Partial<BackupRule> | undefined>();
  const [isDeleting, setDeleting] = useState(false);
  const plan = query.data?.BackupPlan;
  const name = plan?.BackupPlanName ?? id;
  const removeRule = useAction({
    run: (removed: Partial<BackupRule>) =>
      backup.call((client, { UpdateBackupPlanCommand }) => {
        const Rules = (plan?.Rules ?? []).filter(({ RuleId }) => RuleId !== removed.RuleId).map(keptRule);
        const BackupPlan = { BackupPlanName: name, Rules, AdvancedBackupSettings: plan?.AdvancedBackupSettings };
        return client.send(new UpdateBackupPlanCommand({ BackupPlanId: id, BackupPlan }));
      }),
    success: () => t('plans.ruleRemoved'),
    onDone: () => setRule(undefined),
  });
  const removeSelection = useAction({
    run: (selection: BackupSelectionsListMember) =>
      backup.call((client, { DeleteBackupSelectionCommand }) =>
        client.send(new DeleteBackupSelectionCommand({ BackupPlanId: id, SelectionId: selection.SelectionId })),
      ),
    success: () => t('plans.assignmentRemoved'),
  });
  const remove = useAction({
    run: () =>
      backup.call((client, { DeleteBackupPlanCommand }) =>
        client.send(new DeleteBackupPlanCommand({ BackupPlanId: id })),
      ),
    success: () => t('plans.deleted', { name }),
    onDone: () => void navigate(paths.plans),
  });
  return (
    <Page
      title={name}
      crumbs={[{ text: t('nav.plans'), href: paths.plans }]}
      actions={<Button onClick={() => setDeleting(true)}>{t('common.delete')}</Button>}
    >
      <Loaded query={query}>
        {(data) => (
          <SpaceBetween size="l">
            <DetailPairs
              title={t('vaults.summary')}
              items={[
                [t('plans.arn'), <Copyable key="a" text={data.BackupPlanArn} />],
                [t('plans.version'), <Copyable key="v" text={data.VersionId} />],
                [t('common.created'), <Time key="c" at={data.CreationDate} />],
                [t('plans.lastRun'), <Time key="l" at={data.LastExecutionDate} />],
              ]}
            />
            <RulesTable
              rules={plan?.Rules ?? []}
              selected={rule}
              onSelect={setRule}
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <Button
                    disabled={rule === undefined || (plan?.Rules ?? []).length < 2}
                    loading={removeRule.isPending}
                    onClick={() => rule && removeRule.mutate(rule)}
                  >
                    {t('common.delete')}
                  </Button>
                  <Button
                    disabled={rule === undefined}
                    onClick={() => void navigate(paths.planRule(id, rule?.RuleId ?? ''))}
                  >
                    {t('common.edit')}
                  </Button>
                  <NavButton href={paths.planRule(id, 'new')}>{t('plans.addRule')}</NavButton>
                </SpaceBetween>
              }
            />
            <PagedTable<BackupSelectionsListMember>
              id="selections"
              title={t('plans.assignments')}
              columns={[
                { id: 'name', header: t('common.name'), value: (each) => each.SelectionName, width: 240 },
                { id: 'role', header: t('common.role'), value: (each) => roleName(each.IamRoleArn), width: 280 },
                {
                  id: 'created',
                  header: t('common.created'),
                  value: (each) => each.CreationDate?.getTime(),
                  cell: (each) => <Time at={each.CreationDate} />,
                  width: 215,
                },
              ]}
              keyOf={(each) => each.SelectionId ?? ''}
              queryKey={['selections', id]}
              load={(NextToken, MaxResults) =>
                backup.call(async (client, { ListBackupSelectionsCommand }) => {
                  const page = await client.send(
                    new ListBackupSelectionsCommand({ BackupPlanId: id, NextToken, MaxResults }),
                  );
                  return { items: page.BackupSelectionsList ?? [], nextToken: page.NextToken };
                })
              }
              selection="single"
              actions={([selection]) => (
                <>
                  <Button
                    disabled={selection === undefined}
                    loading={removeSelection.isPending}
                    onClick={() => selection && removeSelection.mutate(selection)}
                  >
                    {t('common.delete')}
                  </Button>
                  <NavButton variant="primary" href={paths.assign(id)}>
                    {t('plans.assign')}
                  </NavButton>
                </>
              )}
              empty={<Empty title={t('plans.noAssignments')} hint={t('plans.noAssignmentsHint')} />}
            />
            <TagsPanel arn={data.BackupPlanArn ?? ''} />
            <Container header={<Header variant="h2">{t('plans.json')}</Header>}>
              <Box variant="code">
                <pre className="holdfast-command">{JSON.stringify(plan, null, 2)}</pre>
              </Box>
            </Container>
            <CliCommand operation="GetBackupPlan" input={{ BackupPlanId: id }} />
          </SpaceBetween>
        )}
      </Loaded>
      {isDeleting && (
        <ConfirmDialog
          title={t('plans.deleteTitle', { name })}
          word={name}
          confirmText={t('common.delete')}
          isRunning={remove.isPending}
          onConfirm={() => remove.mutate(undefined, { onSettled: () => setDeleting(false) })}
          onCancel={() => setDeleting(false)}
        >
          {t('plans.deleteHint')}
        </ConfirmDialog>
      )}
    </Page>
  );
}
