import type { BackupClient } from '@aws-sdk/client-backup';
import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { useConsole } from '../session/use-console.ts';

type Commands = typeof import('@aws-sdk/client-backup');
type Options<T> = Pick<UseQueryOptions<T>, 'enabled' | 'staleTime'> & {
  /** ms between two looks while what was read says so; false for never. */
  readonly refreshMs?: (data: T | undefined) => number | false;
};

/** Something that is read, and the name under which it is kept. */
export interface BackupRead<T> {
  readonly key: readonly unknown[];
  readonly read: (client: BackupClient, commands: Commands) => Promise<T>;
}

/** Reads from AWS Backup's API in the account and region of the page. */
export function useBackupQuery<T>(
  key: readonly unknown[],
  read: (client: BackupClient, commands: Commands) => Promise<T>,
  { refreshMs, ...options }: Options<T> = {},
) {
  const { backup, region, session } = useConsole();
  return useQuery<T>({
    ...options,
    queryKey: [session.accountId, region, ...key],
    queryFn: () => backup.call(read),
    ...(refreshMs === undefined ? {} : { refetchInterval: ({ state }) => refreshMs(state.data) }),
  });
}
