import { ServiceError } from '../handling/service-error.ts';
import type { Service } from '../model/service.ts';
import type { StructureShape } from '../model/shape.ts';
import { validate } from './validate.ts';
import { describeViolations } from './violation.ts';

/** @throws ServiceError with the service's own code when a required member is missing or a value is not allowed */
export function checkInput(service: Service, shape: StructureShape, input: Readonly<Record<string, unknown>>): void {
  const violations = validate(shape, input);
  if (violations.length === 0) return;
  const { missing, invalid } = service.errorCodes;
  const isMissing = violations.some(({ kind }) => kind === 'missing');
  throw new ServiceError(isMissing ? missing : invalid, describeViolations(violations));
}
