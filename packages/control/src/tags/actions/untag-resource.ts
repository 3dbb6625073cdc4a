import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { findTagTarget } from '../find-tag-target.ts';
import type { TagTarget } from '../tag-target.ts';

/** UntagResource (API2-160): keys that the resource does not carry are passed over. */
export function untagResource(ports: ControlPorts, targets: readonly TagTarget[]): BackupHandler<'UntagResource'> {
  return async (input, context) => {
    const arn = await findTagTarget(targets, context, input.ResourceArn);
    await ports.stores.tags.remove(context.accountId, arn, input.TagKeyList);
    return {};
  };
}
