import type { BackupHandler } from '../../action.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import { findTagTarget } from '../find-tag-target.ts';
import type { TagTarget } from '../tag-target.ts';

/** ListTags (API2-111 to API2-113), by key. */
export function listTags(ports: ControlPorts, targets: readonly TagTarget[]): BackupHandler<'ListTags'> {
  return async (input, context) => {
    const arn = await findTagTarget(targets, context, input.ResourceArn);
    const { items, NextToken } = await listPage(input, context, (page) =>
      ports.stores.tags.list(context.accountId, arn, page),
    );
    return { Tags: Object.fromEntries(items.map(({ key, value }) => [key, value])), NextToken };
  };
}
