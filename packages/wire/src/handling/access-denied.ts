/** The refusal of an authorised-by-policy request, as each family of services words it. */
import type { AuthorizationRequest } from './ports.ts';
import { ServiceError } from './service-error.ts';

/**
 * The error to throw from an authorize port: `AccessDeniedException`, which the query protocol calls `AccessDenied`.
 * @param reason what refused, for example `because no identity-based policy allows the backup:CreateBackupVault action`
 */
export function accessDenied(request: AuthorizationRequest, resourceArn: string, reason: string): ServiceError {
  const message = `User: ${request.context.principal.arn} is not authorized to perform: ${request.action} on resource: ${resourceArn} ${reason}`;
  return new ServiceError('AccessDeniedException', message);
}
