export type {
  BackupRequest,
  BackupSession,
  CheckFinding,
  Connector,
  ConnectorAbilities,
  ConnectorContext,
  ConnectorDescriptor,
  DiscoveredResource,
  FileToWrite,
  ParentState,
  RecoveryPointContent,
  ResourceType,
  RestoreField,
  RestoreOutcome,
  RestoreRequest,
  SourceConfiguration,
  WriteFilesOptions,
} from './connector.ts';
export { ConnectorError, type ConnectorErrorClass } from './connector-error.ts';
export { type ConnectorRegistry, createConnectorRegistry, type SourceDeclaration } from './connector-registry.ts';
export type {
  BaseLogFacts,
  CapturedLogSegment,
  ContinuousNature,
  LogCapture,
  LogCaptureRequest,
  ParentContent,
  PointInTime,
  RestoreLogSegment,
} from './continuous.ts';
export { derivedResourceId, formatResourceArn, parseResourceArn, type ResourceArn } from './resource-arn.ts';
