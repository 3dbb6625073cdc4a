/** What happened, newest first. */
import type { AdminClient } from './admin-client.ts';

/** A job that began or ended; the date is in seconds since the epoch. */
export interface ActivityEvent {
  readonly EventDate: number;
  readonly JobKind: 'backup' | 'copy' | 'restore';
  readonly JobId: string;
  readonly Phase: 'began' | 'ended';
  readonly State: string;
  readonly StatusMessage?: string;
  readonly MessageCategory?: string;
  readonly ResourceArn: string;
  readonly ResourceName?: string;
  readonly ResourceType: string;
}

export async function listEvents(admin: AdminClient, nextToken: string | undefined, maxResults: number) {
  const page = await admin.request<{ Events: ActivityEvent[]; NextToken?: string }>({
    method: 'GET',
    path: ['events'],
    query: { nextToken, maxResults },
  });
  return { items: page.Events, nextToken: page.NextToken };
}
