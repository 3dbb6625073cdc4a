/** AWS protocols on the server side: routing, decoding, signatures, validation, encoding, errors. No business rules. */
export { accessDenied } from './handling/access-denied.ts';
export { type Coverage, coverage, formatCoverage } from './handling/coverage.ts';
export {
  type Handler,
  type HandlerOf,
  type Handlers,
  implement,
  type ServiceImplementation,
} from './handling/handler.ts';
export {
  type CallerContext,
  createInProcessCaller,
  type InProcessCaller,
  type InProcessCallerOptions,
} from './handling/in-process-caller.ts';
export type {
  AuditPort,
  AuditRecord,
  AuthorizationRequest,
  AuthorizePort,
  ClockPort,
  Credential,
  CredentialsPort,
  IdsPort,
  LogPort,
} from './handling/ports.ts';
export type { Principal, RequestContext } from './handling/request-context.ts';
export { ServiceError, type ServiceErrorOptions } from './handling/service-error.ts';
export { createClientErrorListener } from './http/client-error.ts';
export type { ListenerOptions } from './http/listener-options.ts';
export { createRequestListener } from './http/request-listener.ts';
export type { Constraint, ConstraintKind, ConstraintTable } from './model/constraint.ts';
export type { DescribedOperation, Infer } from './model/describe.ts';
export * as describe from './model/describe.ts';
export type { Operations, OperationTypes, SdkOperations, Validated } from './model/operation-types.ts';
export {
  defineService,
  type OperationsIn,
  type Protocol,
  type Service,
  type ServiceDescription,
  type WireErrorCodes,
} from './model/service.ts';
