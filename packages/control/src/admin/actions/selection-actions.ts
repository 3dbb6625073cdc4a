/** What a selection would cover now, before it is made. */
import { invalidParameter } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { effectiveTags } from '../../resources/resource-store.ts';
import type { BackupSelectionDocument } from '../../selections/backup-selection-store.ts';
import { type SelectionReason, selectionEvaluator } from '../../selections/select-resources.ts';
import { regionSettings } from '../../settings/region-settings.ts';
import type { AdminHandler, AdminOperations } from '../admin-service.ts';

const PAGE = 1000;
const DEFAULT_SHOWN = 100;

type Preview = AdminOperations['PreviewSelection']['output'];

/** PreviewSelection: how many resources match, and for the first of them and of the others, why (PLAN-115). */
export function previewSelection(ports: ControlPorts): AdminHandler<'PreviewSelection'> {
  return async (input, context) => {
    const { accountId, region } = context;
    const selection = readSelection(input.BackupSelection);
    const evaluate = selectionEvaluator(selection, await regionSettings(ports, { accountId, region }));
    const shown = input.MaxResults ?? DEFAULT_SHOWN;
    const included: Preview['Included'] = [];
    const excluded: Preview['Excluded'] = [];
    const count = { included: 0, total: 0 };
    let afterKey: string | undefined;
    do {
      const page = await ports.stores.resources.list(
        { accountId, region, statuses: ['available', 'unavailable'] },
        { limit: PAGE, ...(afterKey === undefined ? {} : { afterKey }) },
      );
      for (const { arn, resourceType, name, ...resource } of page.items) {
        const reason = evaluate({ arn, resourceType, tags: effectiveTags(resource) });
        count.total += 1;
        if (reason.included) count.included += 1;
        const list = reason.included ? included : excluded;
        if (list.length < shown)
          list.push({ ResourceArn: arn, ResourceType: resourceType, Name: name, ...why(reason) });
      }
      afterKey = page.nextKey;
    } while (afterKey !== undefined);
    return { IncludedCount: count.included, TotalCount: count.total, Included: included, Excluded: excluded };
  };
}

function readSelection(given: unknown): BackupSelectionDocument {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalidParameter('BackupSelection must be an object.', 'BackupSelection');
  }
  const part = given as Partial<BackupSelectionDocument>;
  return {
    ...part,
    Resources: texts(part.Resources, 'Resources'),
    NotResources: texts(part.NotResources, 'NotResources'),
    SelectionName: part.SelectionName ?? 'preview',
    IamRoleArn: part.IamRoleArn ?? '',
  };
}

function texts(value: unknown, name: string): string[] {
  const list = value ?? [];
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  throw invalidParameter(`${name} must be a list of ARNs or patterns.`, name);
}

/** A verdict in the words of the admin API. */
export function why(reason: SelectionReason): { readonly Reason: string; readonly Detail?: string | undefined } {
  if (reason.included) {
    if (reason.by === 'resources') return { Reason: 'resources', Detail: reason.pattern };
    return reason.by === 'tag'
      ? { Reason: 'tag', Detail: `${reason.key} = ${reason.value}` }
      : { Reason: 'everything' };
  }
  if (reason.because === 'not-resources') return { Reason: reason.because, Detail: reason.pattern };
  if (reason.because === 'condition') return { Reason: reason.because, Detail: reason.condition };
  return reason.because === 'not-opted-in'
    ? { Reason: reason.because, Detail: reason.resourceType }
    : { Reason: reason.because };
}
