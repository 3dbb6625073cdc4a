import { ServiceError } from '@holdfast/wire';

export function notInUse(): ServiceError {
  return new ServiceError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
}

export function notPermitted(): ServiceError {
  return new ServiceError('AccessDeniedException', "You don't have permissions to access this resource.", {
    statusCode: 400,
  });
}

export function notFound(
  kind:
    | 'Account'
    | 'OrganizationalUnit'
    | 'Parent'
    | 'SourceParent'
    | 'DestinationParent'
    | 'Policy'
    | 'Target'
    | 'Root'
    | 'Child',
  id: string,
): ServiceError {
  return new ServiceError(`${kind}NotFoundException`, `There is no ${kind} with the ID ${id} in this organization.`);
}

export function constraint(reason: string, message: string): ServiceError {
  return new ServiceError('ConstraintViolationException', message, { members: { Reason: reason } });
}

export function invalidInput(reason: string, message: string): ServiceError {
  return new ServiceError('InvalidInputException', message, { members: { Reason: reason } });
}
