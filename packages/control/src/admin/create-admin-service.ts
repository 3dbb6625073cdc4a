import { implement, type ServiceImplementation } from '@holdfast/wire';
import type { ActivityPort } from '../activity/activity-port.ts';
import type { PlanPreviewPorts } from '../plans/load-plan-preview.ts';
import type { ControlPorts } from '../ports.ts';
import { answeringStoreErrors } from '../store-errors.ts';
import { listEvents } from './actions/activity-actions.ts';
import { getRecoveryPointArchive, getRecoveryPointItem, listRecoveryPointItems } from './actions/browse-actions.ts';
import {
  type BulkPorts,
  getBulkOperation,
  listBulkOperationItems,
  listBulkOperations,
  startBulkOperation,
  stopBulkOperation,
} from './actions/bulk-actions.ts';
import { checkSettings, listConnectors } from './actions/connector-actions.ts';
import { getContinuousBackup, listContinuousBackups } from './actions/continuous-actions.ts';
import { searchRecoveryPointItems } from './actions/item-search-action.ts';
import { listJobIssues, listWorkers, type WorkerView } from './actions/job-actions.ts';
import { previewPlanAction } from './actions/plan-actions.ts';
import {
  deleteResource,
  getResource,
  listResources,
  tagSourceResource,
  untagSourceResource,
} from './actions/resource-actions.ts';
import {
  type SearchPorts,
  searchBackupJobs,
  searchCopyJobs,
  searchProtectedResources,
  searchRecoveryPoints,
  searchRestoreJobs,
} from './actions/search-actions.ts';
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

/** What only some compositions have; without them their operations answer "not supported". */
export interface AdminExtensions {
  readonly plans?: PlanPreviewPorts;
  readonly bulk?: BulkPorts;
  readonly search?: SearchPorts;
  readonly activity?: ActivityPort;
}

/** The service `holdfast` with its handlers. */
export function createAdminService(
  ports: ControlPorts,
  server: ServerFacts,
  { plans, bulk, search, activity }: AdminExtensions = {},
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
      ListResources: listResources(ports, search?.search),
      GetResource: getResource(ports),
      DeleteResource: deleteResource(ports),
      TagResource: tagSourceResource(ports),
      UntagResource: untagSourceResource(ports),
      ListRecoveryPointItems: listRecoveryPointItems(ports),
      SearchRecoveryPointItems: searchRecoveryPointItems(ports),
      GetRecoveryPointItem: getRecoveryPointItem(ports),
      GetRecoveryPointArchive: getRecoveryPointArchive(ports),
      GetContinuousBackup: getContinuousBackup(ports),
      ListContinuousBackups: listContinuousBackups(ports),
      ListConnectors: listConnectors(ports),
      CheckSettings: checkSettings(ports),
      PreviewSelection: previewSelection(ports),
      ...(plans === undefined ? {} : { PreviewPlan: previewPlanAction(plans) }),
      ...(bulk === undefined ? {} : bulkHandlers(bulk)),
      ...(search === undefined ? {} : searchHandlers(search)),
      ...(activity === undefined ? {} : { ListEvents: listEvents(activity) }),
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

function bulkHandlers(bulk: BulkPorts) {
  return {
    StartBulkOperation: startBulkOperation(bulk),
    GetBulkOperation: getBulkOperation(bulk),
    ListBulkOperations: listBulkOperations(bulk),
    ListBulkOperationItems: listBulkOperationItems(bulk),
    StopBulkOperation: stopBulkOperation(bulk),
  };
}

function searchHandlers(search: SearchPorts) {
  return {
    SearchBackupJobs: searchBackupJobs(search),
    SearchCopyJobs: searchCopyJobs(search),
    SearchRestoreJobs: searchRestoreJobs(search),
    SearchRecoveryPoints: searchRecoveryPoints(search),
    SearchProtectedResources: searchProtectedResources(search),
  };
}
