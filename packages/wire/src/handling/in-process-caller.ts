/** Operations called from within the house on somebody's behalf: no signature, everything else as at the door. */
import { compileService } from '../model/compile-service.ts';
import { checkInput } from '../validation/check-input.ts';
import type { ServiceImplementation } from './handler.ts';
import type { AuthorizePort } from './ports.ts';
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

/** Calls the operations of one service; input is validated and the caller's policies are evaluated, each time anew. */
export function createInProcessCaller(
  { service, handlers }: ServiceImplementation,
  authorize: AuthorizePort,
): InProcessCaller {
  const { operations } = compileService(service);
  return async (operation, input, caller) => {
    const shape = operations.get(operation)?.input;
    const handler = handlers.get(operation);
    if (shape === undefined || handler === undefined) {
      throw new ServiceError('InvalidRequestException', `${service.name} has no operation ${operation}.`);
    }
    const context: RequestContext = { ...caller, service: service.name, operation };
    checkInput(service, shape, input);
    await authorize({ context, action: `${service.name}:${operation}`, input });
    return await handler(input, context);
  };
}
