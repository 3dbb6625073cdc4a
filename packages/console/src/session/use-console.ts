import { createContext, useContext } from 'react';
import type { AdminClient } from '../api/admin-client.ts';
import type { BackupApi } from '../api/backup-api.ts';
import type { ActingSession } from './session-store.ts';

/** What every page works with: who is signed in, where, and the clients that sign as them. */
export interface ConsoleScope {
  readonly session: ActingSession;
  readonly region: string;
  readonly backup: BackupApi;
  readonly admin: AdminClient;
  setRegion(region: string): void;
}

export const ConsoleScopeContext = createContext<ConsoleScope | undefined>(undefined);

/** @throws Error outside of a signed-in page */
export function useConsole(): ConsoleScope {
  const scope = useContext(ConsoleScopeContext);
  if (scope === undefined) throw new Error('This part of the console needs a session.');
  return scope;
}
