import { ServiceError } from '@holdfast/wire';
import { parsePolicy } from '../policy/parse-policy.ts';
import { MalformedPolicyError, type PolicyKind } from '../policy/policy-document.ts';

export function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntityException', message);
}

export function entityAlreadyExists(kind: string, name: string): ServiceError {
  return new ServiceError('EntityAlreadyExistsException', `${kind} with name ${name} already exists.`);
}

export function deleteConflict(message: string): ServiceError {
  return new ServiceError('DeleteConflictException', message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message);
}

export function unmodifiable(message: string): ServiceError {
  return new ServiceError('UnmodifiableEntityException', message);
}

export function invalidInput(message: string): ServiceError {
  return new ServiceError('InvalidInputException', message);
}

export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

/** @throws ServiceError MalformedPolicyDocument, LimitExceeded */
export function checkPolicyDocument(text: string, kind: PolicyKind, longest: number): void {
  // White space does not count towards the limit.
  const size = text.replace(/\s/g, '').length;
  if (size > longest) throw limitExceeded(`Cannot exceed quota for PolicySize: ${longest}`);
  try {
    parsePolicy(text, kind);
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    throw new ServiceError('MalformedPolicyDocumentException', error.message, { cause: error });
  }
}
