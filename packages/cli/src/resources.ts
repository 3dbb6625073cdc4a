import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { adminPages } from './admin-client.ts';
import type { Resource } from './admin-types.ts';
import { CommandError } from './command-error.ts';
import type { Connection } from './connection.ts';

/** A resource in the form that scripts may rely on. */
export interface ListedResource {
  readonly arn: string;
  readonly type: string;
  readonly name: string;
  readonly source: string;
  readonly path?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sizeBytes?: number;
  readonly status: string;
  readonly statusMessage?: string;
}

export async function* allResources(
  connection: Connection,
  filter: { readonly resourceType?: string; readonly path?: string } = {},
): AsyncGenerator<ListedResource> {
  const request = { method: 'GET', path: ['resources'], query: { ...filter } } as const;
  for await (const each of adminPages<Resource>(connection, request, 'Resources')) yield listed(each);
}

function listed(resource: Resource): ListedResource {
  return {
    arn: resource.ResourceArn,
    type: resource.ResourceType,
    name: resource.Name,
    source: resource.Source,
    ...(resource.Path === undefined ? {} : { path: resource.Path }),
    tags: resource.Tags,
    ...(resource.SizeInBytes === undefined ? {} : { sizeBytes: resource.SizeInBytes }),
    status: resource.Status,
    ...(resource.StatusMessage === undefined ? {} : { statusMessage: resource.StatusMessage }),
  };
}

/**
 * Finds the resource that an argument means: an ARN as it is, or the directory of a resource.
 * @throws CommandError that shows the command which would make the directory a source
 */
export async function resolveResource(connection: Connection, target: string): Promise<{ readonly arn: string }> {
  if (target.startsWith('arn:')) return { arn: target };
  const path = existingPath(target);
  for await (const resource of allResources(connection, { path })) {
    if (resource.status !== 'vanished') return resource;
  }
  throw new CommandError(
    `${path} belongs to no source yet. Add it first:\n  holdfast source add directory ${suggestedName(path)} --path ${path}`,
  );
}

function existingPath(target: string): string {
  try {
    return realpathSync(target);
  } catch (error) {
    throw new CommandError(`${resolve(target)} does not exist on this machine, and it is not an ARN`, { cause: error });
  }
}

function suggestedName(path: string): string {
  const last =
    path
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? 'root';
  return last.replace(/[^a-zA-Z0-9._-]+/g, '-').replace(/^[^a-zA-Z0-9]+/, '') || 'files';
}
