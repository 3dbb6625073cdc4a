import type { Duplex } from 'node:stream';
import { identityOf } from '../../child-process/identity-of.ts';
import { RelayedSocket } from './relayed-socket.ts';

/**
 * A maker of connections to a unix socket that come from a process of another user, so that peer authentication sees
 * that user although Holdfast runs as root.
 * @throws ConnectorError `invalid-request` for a user that does not exist
 */
export async function socketAsUser(user: string): Promise<() => Duplex> {
  const identity = await identityOf(user);
  return () => new RelayedSocket(identity);
}
