import type { ActivityEvent, ActivityPort } from '../../activity/activity-port.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { AdminHandler } from '../admin-service.ts';

/** ListEvents: jobs that began or ended, newest first. */
export function listEvents(activity: ActivityPort): AdminHandler<'ListEvents'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const { items, NextToken } = await listPage(input, context, (page) => activity.events(scope, page));
    return { Events: items.map(presentEvent), NextToken };
  };
}

function presentEvent(event: ActivityEvent) {
  return {
    EventDate: new Date(event.at),
    JobKind: event.kind,
    JobId: event.jobId,
    Phase: event.phase,
    State: event.state,
    StatusMessage: event.statusMessage,
    MessageCategory: event.messageCategory,
    ResourceArn: event.resourceArn,
    ResourceName: event.resourceName,
    ResourceType: event.resourceType,
  };
}
