/** The modelled errors of AWS Backup (API-20). Messages say what happened, to which resource, and what to do. */
import { ServiceError } from '@holdfast/wire';

function clientError(code: string, message: string, context?: string): ServiceError {
  return new ServiceError(code, message, {
    members: { Code: code, Type: 'Client', ...(context === undefined ? {} : { Context: context }) },
  });
}

export function resourceNotFound(message: string, context?: string): ServiceError {
  return clientError('ResourceNotFoundException', message, context);
}

export function invalidParameter(message: string, context?: string): ServiceError {
  return clientError('InvalidParameterValueException', message, context);
}

export function missingParameter(name: string): ServiceError {
  return clientError('MissingParameterValueException', `${name} is required and was not given.`, name);
}

export function invalidRequest(message: string, context?: string): ServiceError {
  return clientError('InvalidRequestException', message, context);
}

export function invalidResourceState(message: string, context?: string): ServiceError {
  return clientError('InvalidResourceStateException', message, context);
}

export function limitExceeded(message: string, context?: string): ServiceError {
  return clientError('LimitExceededException', message, context);
}

/** Something that the service stands on cannot be reached; the same request may succeed later. */
export function serviceUnavailable(message: string, cause: unknown): ServiceError {
  const code = 'ServiceUnavailableException';
  return new ServiceError(code, message, { cause, members: { Code: code, Type: 'Server' } });
}

export function accessDenied(message: string): ServiceError {
  return clientError('AccessDeniedException', message);
}

/** Names the resource that is in the way, so that clients can adopt it (API-251). */
export function alreadyExists(message: string, existing: { arn: string; creatorRequestId?: string }): ServiceError {
  return new ServiceError('AlreadyExistsException', message, {
    members: {
      Code: 'AlreadyExistsException',
      Type: 'Client',
      Arn: existing.arn,
      ...(existing.creatorRequestId === undefined ? {} : { CreatorRequestId: existing.creatorRequestId }),
    },
  });
}
