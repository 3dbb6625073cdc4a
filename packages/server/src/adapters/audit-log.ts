/** The audit trail as lines of the server's log: who changed what, from where, and how it ended. */
import type { AuditPort } from '@holdfast/wire';
import type { Logger } from '../logger.ts';

/** Operations that change nothing. */
const READING = /^(Get|List|Describe|Search|Preview|Check|Simulate|Validate)/;

/** Tells of every call that changes something, or was to; calls that only read are left out. */
export function createAuditLog(log: Pick<Logger, 'info'>): AuditPort {
  return (record) => {
    const { service, operation, principal, requestId, region, accessKeyId, sourceIp, userAgent } = record;
    if (operation === undefined || READING.test(operation)) return;
    const { statusCode, errorCode, errorMessage } = record;
    const fields = {
      requestId,
      ...(principal === undefined ? {} : { principal: principal.arn, accountId: principal.accountId }),
      region,
      accessKeyId,
      sourceIp,
      userAgent,
      statusCode,
      ...(errorCode === undefined ? {} : { errorCode, errorMessage }),
      requestParameters: record.requestParameters(),
    };
    log.info({ audit: fields }, `${principal?.arn ?? sourceIp} called ${service}:${operation}`);
  };
}
