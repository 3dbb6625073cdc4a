import { ServiceError } from '@holdfast/wire';
import { parsePolicy } from '../policy/parse-policy.ts';
import { MalformedPolicyError } from '../policy/policy-document.ts';

export function keyNotFound(keyId: string): ServiceError {
  return new ServiceError('NotFoundException', `Key '${keyId}' does not exist`);
}

export function aliasNotFound(arn: string): ServiceError {
  return new ServiceError('NotFoundException', `Alias ${arn} is not found.`);
}

export function disabled(arn: string): ServiceError {
  return new ServiceError('DisabledException', `${arn} is disabled.`);
}

export function invalidState(arn: string, state: string): ServiceError {
  return new ServiceError('KMSInvalidStateException', `${arn} is ${state}.`);
}

export function unsupported(message: string): ServiceError {
  return new ServiceError('UnsupportedOperationException', message);
}

export function validation(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message);
}

export function invalidCiphertext(cause?: unknown): ServiceError {
  const message = 'The ciphertext cannot be decrypted: it was changed, is of another key or has another context.';
  return new ServiceError('InvalidCiphertextException', message, { cause });
}

const LONGEST_POLICY = 32_768;

/** @throws ServiceError MalformedPolicyDocumentException, LimitExceededException */
export function checkKeyPolicy(text: string): void {
  if (text.length > LONGEST_POLICY) throw limitExceeded(`A key policy has at most ${LONGEST_POLICY} characters.`);
  try {
    parsePolicy(text, 'resource');
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    throw new ServiceError('MalformedPolicyDocumentException', error.message, { cause: error });
  }
}
