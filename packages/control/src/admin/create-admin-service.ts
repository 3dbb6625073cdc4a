import { implement, type ServiceImplementation } from '@holdfast/wire';
import type { PlanPreviewPorts } from '../plans/load-plan-preview.ts';
import type { ControlPorts } from '../ports.ts';
import { answeringStoreErrors } from '../store-errors.ts';
import { getRecoveryPointArchive, getRecoveryPointItem, listRecoveryPointItems } from './actions/browse-actions.ts';
import { checkSettings, listConnectors } from './actions/connector-actions.ts';
import { listJobIssues, listWorkers, type WorkerView } from './actions/job-actions.ts';
import { previewPlanAction } from './actions/plan-actions.ts';
import { getResource, listResources, tagSourceResource, untagSourceResource } from './actions/resource-actions.ts';
import { previewSelection } from './actions/selection-actions.ts';
import {
  addSource,
  checkSource,
  discoverSource,
  getSource,
  listSources,
  removeSource,
} from './actions/source-actions.ts';
import { holdfast } from './admin-service.ts';

/** What only the running server knows. */
export interface ServerFacts {
  readonly version: string;
  readonly startedAt: number;
  workers(): Promise<readonly WorkerView[]>;
}

/** The service `holdfast` with all its handlers; previews of plans when the plans are at hand. */
export function createAdminService(
  ports: ControlPorts,
  server: ServerFacts,
  plans?: PlanPreviewPorts,
): ServiceImplementation {
  return implement(
    holdfast,
    answeringStoreErrors({
      AddSource: addSource(ports),
      GetSource: getSource(ports),
      ListSources: listSources(ports),
      RemoveSource: removeSource(ports),
      CheckSource: checkSource(ports),
      DiscoverSource: discoverSource(ports),
      ListResources: listResources(ports),
      GetResource: getResource(ports),
      TagResource: tagSourceResource(ports),
      UntagResource: untagSourceResource(ports),
      ListRecoveryPointItems: listRecoveryPointItems(ports),
      GetRecoveryPointItem: getRecoveryPointItem(ports),
      GetRecoveryPointArchive: getRecoveryPointArchive(ports),
      ListConnectors: listConnectors(ports),
      CheckSettings: checkSettings(ports),
      PreviewSelection: previewSelection(ports),
      ...(plans === undefined ? {} : { PreviewPlan: previewPlanAction(plans) }),
      ListJobIssues: listJobIssues(ports),
      ListWorkers: listWorkers(() => server.workers()),
      GetStatus: async (_input, context) => ({
        Version: server.version,
        StartDate: new Date(server.startedAt),
        AccountId: context.accountId,
        Region: context.region,
        ConnectorKinds: ports.connectors.descriptors().map(({ kind }) => kind),
      }),
    }),
  );
}
