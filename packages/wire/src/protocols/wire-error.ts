/**
 * Errors on their way to the client. One reason has different names and statuses in different protocols; the table
 * here is the only place that knows them. Statuses follow ERR-11 to ERR-23 where those name the error.
 */
import type { SignatureProblem } from '../signature/signature-error.ts';
import type { HostedService } from './hosted-service.ts';

export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly statusCode: number;
  readonly members: Readonly<Record<string, unknown>>;
}

export type ProtocolFamily = 'restJson' | 'awsJson' | 'query';

/** Reasons for which the wire itself refuses a request, whatever the service. */
export type CommonProblem =
  | SignatureProblem
  | 'unknownOperation'
  | 'unsupportedOperation'
  | 'bodyTooLarge'
  | 'bodyTooSlow'
  | 'unsupportedEncoding'
  | 'timedOut'
  | 'internal';

type Names = readonly [code: string, statusCode: number];

interface CommonError {
  readonly restJson: Names;
  readonly awsJson: Names;
  readonly query: Names;
}

const same = (code: string, statusCode: number): CommonError => ({
  restJson: [code, statusCode],
  awsJson: [code, statusCode],
  query: [code, statusCode],
});

/** JSON services that speak awsJson answer 400 where REST and query services answer 403. */
const forbidden = (jsonCode: string, queryCode: string): CommonError => ({
  restJson: [jsonCode, 403],
  awsJson: [jsonCode, 400],
  query: [queryCode, 403],
});

const COMMON: Readonly<Record<CommonProblem, CommonError>> = {
  missingToken: forbidden('MissingAuthenticationTokenException', 'MissingAuthenticationToken'),
  incompleteSignature: same('IncompleteSignature', 400),
  signatureMismatch: forbidden('InvalidSignatureException', 'SignatureDoesNotMatch'),
  unknownKey: forbidden('UnrecognizedClientException', 'InvalidClientTokenId'),
  expiredToken: forbidden('ExpiredTokenException', 'ExpiredToken'),
  requestExpired: same('RequestExpired', 400),
  unknownOperation: same('InvalidAction', 400),
  unsupportedOperation: same('UnsupportedOperationException', 400),
  bodyTooLarge: same('RequestEntityTooLargeException', 413),
  bodyTooSlow: same('RequestTimeoutException', 408),
  unsupportedEncoding: same('UnsupportedMediaTypeException', 415),
  timedOut: same('ServiceUnavailable', 503),
  internal: same('InternalFailure', 500),
};

/** Common errors that handlers and ports throw by code, which services do not declare. */
const UNDECLARED_STATUSES: Readonly<Record<string, number>> = {
  InvalidClientTokenId: 403,
  OptInRequired: 403,
  InternalFailure: 500,
  ServiceUnavailable: 503,
};

export function commonError(problem: CommonProblem, family: ProtocolFamily, message: string): WireError {
  const [code, statusCode] = COMMON[problem][family];
  return { code, message, statusCode, members: {} };
}

/** An error by its code, as a service or a port threw it. */
export function serviceError(
  hosted: HostedService | undefined,
  family: ProtocolFamily,
  error: {
    readonly code: string;
    readonly message: string;
    readonly statusCode?: number | undefined;
    readonly members?: Readonly<Record<string, unknown>>;
  },
): WireError {
  const { code, message, members = {} } = error;
  const declared = hosted?.compiled.errors.get(code);
  if (code === 'AccessDeniedException' && declared === undefined) {
    const [name, statusCode] = family === 'query' ? ['AccessDenied', 403] : [code, 400];
    return { code: name, message, statusCode: error.statusCode ?? statusCode, members };
  }
  const statusCode =
    error.statusCode ?? hosted?.service.errorStatuses[code] ?? declared?.statusCode ?? UNDECLARED_STATUSES[code] ?? 400;
  return { code, message, statusCode, members };
}
