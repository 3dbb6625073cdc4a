/** Resources of sources: list, show, tag, untag. */
import { resourceNotFound } from '../../errors.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import type { ResourceRecord } from '../../resources/resource-store.ts';
import { canonicalResourceType } from '../../resources/resource-types.ts';
import type { Scope, Tags } from '../../scope.ts';
import { checkTags } from '../../tags/tag-rules.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { AdminHandler } from '../admin-service.ts';
import { presentResource } from '../present.ts';

export function listResources(ports: ControlPorts): AdminHandler<'ListResources'> {
  return async (input, context) => {
    const query = {
      accountId: context.accountId,
      region: context.region,
      ...withoutUndefined({
        resourceType: input.ResourceType === undefined ? undefined : canonicalResourceType(input.ResourceType),
        sourceName: input.Source,
        path: input.Path,
      }),
    };
    const { items, NextToken } = await listPage(input, context, (page) => ports.stores.resources.list(query, page));
    return { Resources: items.map(presentResource), NextToken };
  };
}

export function getResource(ports: ControlPorts): AdminHandler<'GetResource'> {
  return async (input, context) => ({ Resource: presentResource(await known(ports, context, input.ResourceArn)) });
}

/** TagResource: puts tags on a resource here; the source itself is not touched. */
export function tagSourceResource(ports: ControlPorts): AdminHandler<'TagResource'> {
  return async (input, context) => {
    const resource = await known(ports, context, input.ResourceArn);
    const added = checkTags(input.Tags, ports.quotas.tagsPerResource);
    return retag(ports, resource, { ...resource.localTags, ...added });
  };
}

/** UntagResource: takes away tags that were put on here; tags that the source keeps stay. */
export function untagSourceResource(ports: ControlPorts): AdminHandler<'UntagResource'> {
  return async (input, context) => {
    const resource = await known(ports, context, input.ResourceArn);
    const kept = Object.entries(resource.localTags).filter(([key]) => !input.TagKeys.includes(key));
    return retag(ports, resource, Object.fromEntries(kept));
  };
}

async function known(ports: ControlPorts, scope: Scope, arn: string): Promise<ResourceRecord> {
  const resource = await ports.stores.resources.get(scope, arn);
  if (resource !== undefined) return resource;
  throw resourceNotFound(`There is no resource ${arn} in account ${scope.accountId} and region ${scope.region}.`, arn);
}

async function retag(ports: ControlPorts, resource: ResourceRecord, tags: Tags) {
  checkTags(tags, ports.quotas.tagsPerResource);
  await ports.stores.resources.setLocalTags(resource, resource.arn, tags);
  return { Resource: presentResource({ ...resource, localTags: tags }) };
}
