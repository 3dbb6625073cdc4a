import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { findTagTarget } from '../find-tag-target.ts';
import { checkTags, tooManyTags } from '../tag-rules.ts';
import type { TagTarget } from '../tag-target.ts';

/** TagResource (API2-157 to API2-159). */
export function tagResource(ports: ControlPorts, targets: readonly TagTarget[]): BackupHandler<'TagResource'> {
  return async (input, context) => {
    const arn = await findTagTarget(targets, context, input.ResourceArn);
    const limit = ports.quotas.tagsPerResource;
    const tags = checkTags(input.Tags, limit);
    if (!(await ports.stores.tags.put(context.accountId, arn, tags, limit))) throw tooManyTags(limit);
    return {};
  };
}
