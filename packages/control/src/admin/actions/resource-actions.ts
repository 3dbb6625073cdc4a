/** Resources of sources: list, show, delete, tag, untag. */
import type { RequestContext } from '@holdfast/wire';
import { invalidRequest, resourceNotFound } from '../../errors.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import type { ResourceRecord } from '../../resources/resource-store.ts';
import { canonicalResourceType } from '../../resources/resource-types.ts';
import type { Scope, Tags } from '../../scope.ts';
import type { SearchPort } from '../../search/search-port.ts';
import { findSource } from '../../sources/find-source.ts';
import { checkTags } from '../../tags/tag-rules.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { AdminHandler, AdminOperations } from '../admin-service.ts';
import { answeringConnectorErrors } from '../connector-errors.ts';
import { presentResource } from '../present.ts';

/** ListResources: by ARN; with a text, where the composition can search. */
export function listResources(ports: ControlPorts, search?: SearchPort): AdminHandler<'ListResources'> {
  return async (input, context) => {
    if (input.Text !== undefined) return await searchResources(ports, search, input, context);
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

/**
 * DeleteResource: removes what a restore made, such as a database instance with its files; its recovery points stay.
 * What no restore made is refused: Holdfast never deletes what it was given to protect.
 */
export function deleteResource(ports: ControlPorts): AdminHandler<'DeleteResource'> {
  return async (input, context) => {
    const { arn, sourceName } = await known(ports, context, input.ResourceArn);
    const source = await findSource(ports, context, sourceName);
    await answeringConnectorErrors(async () => {
      await using connector = await ports.connectors.open(source);
      await connector.deleteRestored(arn, context.signal);
    });
    await ports.stores.resources.remove(context, arn);
    return {};
  };
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

async function searchResources(
  ports: ControlPorts,
  search: SearchPort | undefined,
  input: AdminOperations['ListResources']['input'],
  context: RequestContext,
) {
  if (search === undefined) throw invalidRequest('This installation cannot search resources by a text.');
  const scope = { accountId: context.accountId, region: context.region };
  const wanted = {
    ...scope,
    isAscending: true,
    ...withoutUndefined({
      text: input.Text,
      resourceType: input.ResourceType === undefined ? undefined : canonicalResourceType(input.ResourceType),
      sourceName: input.Source,
    }),
  };
  const { items, NextToken } = await listPage(input, context, (page) => search.resourceArns(wanted, page));
  const found = await Promise.all(items.map((arn) => ports.stores.resources.get(scope, arn)));
  return {
    Resources: found.flatMap((resource) => (resource === undefined ? [] : [presentResource(resource)])),
    NextToken,
  };
}
