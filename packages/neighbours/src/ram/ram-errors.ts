import { ServiceError } from '@holdfast/wire';

export function unknownResource(message: string): ServiceError {
  return new ServiceError('UnknownResourceException', message);
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}

export function notPermitted(message: string): ServiceError {
  return new ServiceError('OperationNotPermittedException', message);
}

export function malformedArn(arn: string): ServiceError {
  return new ServiceError('MalformedArnException', `${arn} is not a valid ARN.`);
}
