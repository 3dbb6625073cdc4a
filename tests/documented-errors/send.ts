/** Sends operations of the official SDK by name, also such requests as the SDK itself would refuse to make. */
import * as sdk from '@aws-sdk/client-backup';
import type { SdkOperations } from '@holdfast/wire';

export type Operations = SdkOperations<typeof sdk>;
export type OperationName = keyof Operations & string;
type AnyCommand = Parameters<sdk.BackupClient['send']>[0];

/** Stands in the path where a label is to be left out. */
const LEFT_OUT = 'the-label-that-is-left-out';

export function commandOf(operation: string, input: object): AnyCommand {
  const Command = Reflect.get(sdk, `${operation}Command`) as new (input: object) => AnyCommand;
  return new Command(input);
}

/** The command without one required member, be it in the path or in the body. */
export function commandWithout(operation: string, input: object, member: string): AnyCommand {
  const command = commandOf(operation, { ...input, [member]: isLabel(operation, member) ? LEFT_OUT : undefined });
  command.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { path: string };
      // A path that ends with the label keeps a slash in its place; without it the path would be another operation's.
      request.path = request.path.replace(LEFT_OUT, '').replace(/\/$/, '//');
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  return command;
}

function isLabel(operation: string, member: string): boolean {
  const schema = Reflect.get(sdk, `${operation}$`) as readonly [number, string, string, { http: readonly string[] }];
  return schema[3].http[1]?.includes(`{${member}}`) === true;
}

/** The error that a request is answered with. @throws Error when it succeeds */
export async function errorOf(client: sdk.BackupClient, command: AnyCommand): Promise<sdk.BackupServiceException> {
  try {
    await client.send(command);
  } catch (error) {
    if (error instanceof sdk.BackupServiceException) return error;
    throw error;
  }
  throw new Error('the request succeeded');
}
