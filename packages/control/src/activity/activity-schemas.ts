/** The feed of what happened. */
import { describe } from '@holdfast/wire';

const { enumeration, integer, list, operation, query, required, string, structure, timestamp } = describe;

const Event = structure('Event', {
  EventDate: required(timestamp()),
  JobKind: required(enumeration('backup', 'copy', 'restore')),
  JobId: required(string()),
  Phase: required(enumeration('began', 'ended')),
  /** The job's state now. */
  State: required(string()),
  StatusMessage: string(),
  MessageCategory: string(),
  ResourceArn: required(string()),
  ResourceName: string(),
  ResourceType: required(string()),
});

export const activitySchemas = {
  ListEvents: operation('ListEvents', {
    http: ['GET', '/events', 200],
    input: structure('ListEventsInput', {
      MaxResults: query('maxResults', integer({ min: 1, max: 1000 })),
      NextToken: query('nextToken', string()),
    }),
    output: structure('ListEventsOutput', { Events: required(list(Event)), NextToken: string() }),
  }),
};
