import Wizard from '@cloudscape-design/components/wizard';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { defaultRoleArn } from '../../api/resource-names.ts';
import { Page } from '../../components/page.tsx';
import { givenSettings } from '../../components/settings-form.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { EMPTY_SOURCE, isSourceReady, SourceForm, useConnectors } from '../sources/source-form.tsx';
import { ChooseProtection, type ChosenProtection, dailyPlan } from './choose-protection.tsx';
import { ChooseResources } from './choose-resources.tsx';

/** From nothing to a protected resource in three steps. */
export function FirstRunPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { admin, backup, session } = useConsole();
  const connectors = useConnectors();
  const [step, setStep] = useState(0);
  const [draft, setDraft] = useState(EMPTY_SOURCE);
  const [addedAs, setAddedAs] = useState<string | undefined>();
  const [arns, setArns] = useState<readonly string[]>([]);
  const [protection, setProtection] = useState<ChosenProtection>('both');
  const [problem, setProblem] = useState<string | undefined>();

  const addSource = useAction({
    run: () => admin.addSource(draft.name, draft.kind, givenSettings(draft.settings)),
    onDone: () => {
      setAddedAs(draft.name);
      setStep(1);
    },
  });
  const protect = useAction({
    run: () =>
      backup.call(async (client, commands) => {
        const IamRoleArn = defaultRoleArn(session.accountId);
        if (protection !== 'now') {
          const { BackupPlanId } = await client.send(
            new commands.CreateBackupPlanCommand({ BackupPlan: dailyPlan(draft.name) }),
          );
          const BackupSelection = { SelectionName: 'first-resources', IamRoleArn, Resources: [...arns] };
          await client.send(new commands.CreateBackupSelectionCommand({ BackupPlanId, BackupSelection }));
          if (protection === 'plan') return { planId: BackupPlanId };
        }
        const jobIds: string[] = [];
        for (const ResourceArn of arns) {
          const Lifecycle = { DeleteAfterDays: 35 };
          const input = { BackupVaultName: 'Default', ResourceArn, IamRoleArn, Lifecycle };
          const { BackupJobId = '' } = await client.send(new commands.StartBackupJobCommand(input));
          jobIds.push(BackupJobId);
        }
        return { jobIds };
      }),
    success: () => t('firstRun.done'),
    onDone: ({ planId, jobIds }) => {
      if (planId !== undefined) void navigate(paths.plan(planId));
      else if (jobIds?.length === 1) void navigate(paths.job('backup', jobIds[0] ?? ''));
      else void navigate(paths.jobs('backup'));
    },
  });

  /** Steps back are free; a step forward needs what its page asks for. */
  const leave = (next: number): void => {
    const isSourceNew = step === 0 && addedAs !== draft.name;
    const isIncomplete = isSourceNew && !isSourceReady(draft, connectors.data?.Connectors ?? []);
    const isEmpty = step === 1 && next > step && arns.length === 0;
    const missing = draft.kind === '' ? t('firstRun.noKind') : t('firstRun.incomplete');
    setProblem(isIncomplete ? missing : isEmpty ? t('firstRun.chooseOne') : undefined);
    if (isIncomplete || isEmpty) return;
    if (isSourceNew) addSource.mutate();
    else setStep(next);
  };
  return (
    <Page title={t('firstRun.title')} description={t('firstRun.description')}>
      <Wizard
        activeStepIndex={step}
        isLoadingNextStep={addSource.isPending || protect.isPending}
        submitButtonText={t('firstRun.submit')}
        i18nStrings={{
          stepNumberLabel: (number) => t('firstRun.step', { number }),
          collapsedStepsLabel: (number, count) => t('firstRun.stepOf', { number, count }),
          navigationAriaLabel: t('firstRun.steps'),
          cancelButton: t('common.cancel'),
          previousButton: t('firstRun.previous'),
          nextButton: t('firstRun.next'),
          optional: t('common.optional'),
        }}
        onNavigate={({ detail }) => leave(detail.requestedStepIndex)}
        onCancel={() => void navigate(paths.dashboard)}
        onSubmit={() => protect.mutate()}
        steps={[
          {
            title: t('firstRun.source'),
            description: t('firstRun.sourceHint'),
            errorText: step === 0 ? problem : undefined,
            content: (
              <SourceForm
                draft={draft}
                onChange={(next) => {
                  setProblem(undefined);
                  setDraft(next);
                }}
              />
            ),
          },
          {
            title: t('firstRun.resources'),
            description: t('firstRun.resourcesHint'),
            errorText: step === 1 ? problem : undefined,
            content: <ChooseResources source={addedAs} arns={arns} onChange={setArns} />,
          },
          {
            title: t('firstRun.protection'),
            description: t('firstRun.protectionHint'),
            content: <ChooseProtection value={protection} source={draft.name} arns={arns} onChange={setProtection} />,
          },
        ]}
      />
    </Page>
  );
}
