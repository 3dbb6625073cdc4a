import { adminCall } from '../admin-client.ts';
import { CommandError } from '../command-error.ts';
import { type ConnectionFlags, findConnection } from '../connection.ts';
import { parseKeyValues } from '../key-values.ts';
import { formatBytes, printJson, printLine, printTable } from '../output.ts';
import { allResources, type ListedResource, resolveResource } from '../resources.ts';

export async function listResources(
  globals: ConnectionFlags,
  flags: { readonly type?: string; readonly json?: boolean },
): Promise<void> {
  const connection = await findConnection(globals);
  const resources: ListedResource[] = [];
  const filter = flags.type === undefined ? {} : { resourceType: flags.type };
  for await (const each of allResources(connection, filter)) resources.push(each);
  if (flags.json) {
    printJson(resources);
    return;
  }
  printTable(
    ['TYPE', 'NAME', 'STATUS', 'SIZE', 'WHERE', 'ARN'],
    resources.map((each) => [
      each.type,
      each.name,
      each.status,
      each.sizeBytes === undefined ? '-' : formatBytes(each.sizeBytes),
      each.path ?? '-',
      each.arn,
    ]),
    'no resources; add a source first: holdfast source add directory <name> --path <directory>',
  );
}

/** `holdfast resource delete <arn|path>`: only what a restore made; its recovery points stay. */
export async function deleteResource(
  globals: ConnectionFlags,
  target: string,
  flags: { readonly json?: boolean },
): Promise<void> {
  const connection = await findConnection(globals);
  const { arn } = await resolveResource(connection, target);
  await adminCall(connection, { method: 'DELETE', path: ['resources', arn] });
  if (flags.json) printJson({ arn, deleted: true });
  else printLine(`deleted ${arn}`);
}

/** `holdfast resource tag <arn|path> key=value other=`: an empty value removes the tag. */
export async function tagResource(
  globals: ConnectionFlags,
  target: string,
  pairs: readonly string[],
  flags: { readonly json?: boolean },
): Promise<void> {
  const connection = await findConnection(globals);
  const { arn } = await resolveResource(connection, target);
  const entries = Object.entries(parseKeyValues(pairs, 'resource tag'));
  const set = Object.fromEntries(entries.filter(([, value]) => value !== ''));
  const removed = entries.filter(([, value]) => value === '').map(([key]) => key);
  if (entries.length === 0) throw new CommandError('give at least one key=value');
  let tags: Record<string, string> = {};
  const send = async (action: string, body: unknown): Promise<void> => {
    const request = { method: 'POST', path: ['resources', arn, action], body } as const;
    const answer = await adminCall<{ Resource: { Tags: Record<string, string> } }>(connection, request);
    tags = answer.Resource.Tags;
  };
  if (Object.keys(set).length > 0) await send('tags', { Tags: set });
  if (removed.length > 0) await send('untag', { TagKeys: removed });
  if (flags.json) printJson({ arn, tags });
  else
    printLine(
      Object.entries(tags)
        .map(([key, value]) => `${key}=${value}`)
        .join('\n') || 'no tags left',
    );
}
