import { ListBackupPlansCommand } from '@aws-sdk/client-backup';
import { adminCall } from '../admin-client.ts';
import type { PlanPreview, PlanVerdict } from '../admin-types.ts';
import { CommandError } from '../command-error.ts';
import { backupClient, type Connection, type ConnectionFlags, findConnection } from '../connection.ts';
import { printJson, printLine, printTable } from '../output.ts';

interface PreviewFlags {
  readonly days: string;
  readonly limit: string;
  readonly json?: boolean;
}

const DAY_MS = 86_400_000;

/** `holdfast plan preview`: what would run when, on which resources, and why the others are out. */
export async function previewPlan(globals: ConnectionFlags, plan: string, flags: PreviewFlags): Promise<void> {
  const days = wholeNumber(flags.days, '--days', 366);
  const limit = wholeNumber(flags.limit, '--limit', 1000);
  const connection = await findConnection(globals);
  const now = Date.now();
  const preview = await adminCall<PlanPreview>(connection, {
    method: 'POST',
    path: ['plan-previews', await planIdOf(connection, plan)],
    body: { FromDate: now / 1000, ToDate: (now + days * DAY_MS) / 1000, MaxResults: limit },
  });
  if (flags.json) {
    printJson(preview);
    return;
  }
  printLine(`${preview.BackupPlanName}: ${preview.RunCount} runs in ${days} days`);
  printTable(
    ['SCHEDULED', 'RULE', 'VAULT', 'JOBS', 'INSTEAD'],
    preview.Runs.map((run) => [
      new Date(run.ScheduledDate * 1000).toISOString(),
      run.RuleName,
      run.BackupVaultName,
      run.Effects.map((effect) => `${effect.JobCount} ${effect.BackupKind}`).join(', '),
      run.Effects.map((effect) => effect.SuppressedByRuleName)
        .filter((name) => name !== undefined)
        .join(', '),
    ]),
    'no rule of the plan fires in that time',
  );
  printLine(`${preview.IncludedCount} of ${preview.TotalCount} resources are in the plan`);
  printResources(preview.Included, 'none of the resources is in the plan');
  if (preview.Excluded.length === 0) return;
  printLine('Not in the plan:');
  printResources(preview.Excluded, '');
}

function printResources(resources: readonly PlanVerdict[], whenEmpty: string): void {
  printTable(
    ['TYPE', 'RESOURCE', 'SELECTION', 'REASON'],
    resources.map((entry) => [
      entry.ResourceType,
      entry.ResourceArn,
      entry.SelectionName ?? '-',
      entry.Detail === undefined ? entry.Reason : `${entry.Reason}: ${entry.Detail}`,
    ]),
    whenEmpty,
  );
}

/** An ID as it is; a name is looked up among the plans. */
async function planIdOf(connection: Connection, plan: string): Promise<string> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(plan)) return plan;
  const client = backupClient(connection);
  let NextToken: string | undefined;
  do {
    const token = NextToken === undefined ? {} : { NextToken };
    const page = await client.send(new ListBackupPlansCommand(token));
    const found = page.BackupPlansList?.find((entry) => entry.BackupPlanName === plan);
    if (found?.BackupPlanId !== undefined) return found.BackupPlanId;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  throw new CommandError(`there is no backup plan "${plan}"; list them with: aws backup list-backup-plans`);
}

function wholeNumber(text: string, flag: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new CommandError(`${flag} takes a number from 1 to ${most}`);
}
