/** Operations called from within the house on somebody's behalf: no signature, everything else as at the door. */
import { redact } from '../http/redact.ts';
import type { Operation } from '../model/shape.ts';
import { type HostedService, hostService } from '../protocols/hosted-service.ts';
import { commonError, serviceError, type WireError } from '../protocols/wire-error.ts';
import { checkInput } from '../validation/check-input.ts';
import type { ServiceImplementation } from './handler.ts';
import type { AuditPort, AuditRecord, AuthorizePort, ClockPort, LogPort } from './ports.ts';
import type { RequestContext } from './request-context.ts';
import { ServiceError } from './service-error.ts';

/** Who asks and in which circumstances; service and operation are the caller's business. */
export type CallerContext = Omit<RequestContext, 'service' | 'operation'>;

/** Runs one operation. @throws ServiceError what a client would get, such as AccessDeniedException */
export type InProcessCaller = (
  operation: string,
  input: Readonly<Record<string, unknown>>,
  context: CallerContext,
) => Promise<object>;

export interface InProcessCallerOptions {
  readonly authorize: AuthorizePort;
  /** Gets every call, as the listener's gets every request. */
  readonly audit?: AuditPort;
  readonly clock: ClockPort;
  readonly log: Pick<LogPort, 'error'>;
}

type Input = Readonly<Record<string, unknown>>;

/** How a call ended. */
type Outcome = { readonly output: object } | { readonly error: WireError };

/**
 * Calls the operations of one service; input is validated, the caller's policies are evaluated, each time anew, and the
 * audit trail learns of it.
 */
export function createInProcessCaller(
  implementation: ServiceImplementation,
  options: InProcessCallerOptions,
): InProcessCaller {
  const hosted = hostService(implementation);
  const { service, handlers, compiled } = hosted;
  return async (name, input, caller) => {
    const operation = compiled.operations.get(name);
    const handler = handlers.get(name);
    if (operation === undefined || handler === undefined) {
      throw new ServiceError('InvalidRequestException', `${service.name} has no operation ${name}.`);
    }
    const context: RequestContext = { ...caller, service: service.name, operation: name };
    const audit = (outcome: Outcome): void => auditCall(options, operation, input, context, outcome);
    try {
      checkInput(service, operation.input, input);
      await options.authorize({ context, action: `${service.name}:${name}`, input });
      const output = await handler(input, context);
      audit({ output });
      return output;
    } catch (error) {
      audit({ error: wireErrorOf(hosted, error) });
      throw error;
    }
  };
}

function wireErrorOf(hosted: HostedService, error: unknown): WireError {
  return error instanceof ServiceError
    ? serviceError(hosted, 'restJson', error)
    : commonError('internal', 'restJson', 'The call failed on our side.');
}

function auditCall(
  { audit, clock, log }: InProcessCallerOptions,
  operation: Operation,
  input: Input,
  context: RequestContext,
  outcome: Outcome,
): void {
  try {
    audit?.(recordOf(operation, input, context, outcome, clock.now()));
  } catch (error) {
    log.error('The audit trail refused a record', { requestId: context.requestId, error: String(error) });
  }
}

function recordOf(
  operation: Operation,
  input: Input,
  context: RequestContext,
  outcome: Outcome,
  now: number,
): AuditRecord {
  const { requestId, sourceIp, userAgent, isSecure, service, region, accessKeyId, principal } = context;
  const caller = { sourceIp, userAgent, isSecure, region, accessKeyId, principal };
  const times = { receivedAt: context.now, durationMs: now - context.now };
  return {
    requestId,
    ...times,
    ...caller,
    service,
    operation: operation.name,
    ...('error' in outcome
      ? { statusCode: outcome.error.statusCode, errorCode: outcome.error.code, errorMessage: outcome.error.message }
      : { statusCode: 200 }),
    requestParameters: () => redact(operation.input, input),
    responseElements: () => ('output' in outcome ? redact(operation.output, outcome.output) : undefined),
  };
}
