/** What the wire needs from the rest of the house; the server package plugs the real ones in. */
import type { Principal, RequestContext } from './request-context.ts';

/** What is known of an access key. */
export interface Credential {
  readonly secretAccessKey: string;
  readonly principal: Principal;
  /** Set for temporary credentials: the request must carry precisely this token. */
  readonly sessionToken?: string;
  /** ms since epoch; from then on the request is refused as expired. */
  readonly expiresAt?: number;
}

export interface CredentialsPort {
  /** Answers `undefined` for keys that do not exist or are inactive. */
  lookup(accessKeyId: string): Credential | undefined | Promise<Credential | undefined>;
}

/** A request at the door: signature verified, input decoded and validated. */
export interface AuthorizationRequest {
  readonly context: RequestContext;
  /** IAM action, `backup:CreateBackupVault`. */
  readonly action: string;
  /** The decoded input, members by their names. */
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Decides whether the principal may call the operation. Refuses by throwing a `ServiceError`, best one made by
 * `accessDenied()`; handlers still check what only they can know (resource policies of things that they look up).
 */
export type AuthorizePort = (request: AuthorizationRequest) => void | Promise<void>;

/**
 * One request with its outcome, for the API's audit trail. Members are absent when the request never got so far; what is
 * called from within the house has no method and path.
 */
export interface AuditRecord {
  readonly requestId: string;
  /** ms since epoch. */
  readonly receivedAt: number;
  readonly durationMs: number;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly isSecure: boolean;
  readonly method?: string;
  /** Path without the query string, cut to 2,048 characters. */
  readonly path?: string;
  readonly statusCode: number;
  readonly service?: string;
  readonly operation?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  /** Set once the signature has been verified. */
  readonly principal?: Principal;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** The decoded input; members that the service marks as sensitive are replaced by a fixed text. Computed when called. */
  readonly requestParameters: () => Readonly<Record<string, unknown>> | undefined;
  /** The handler's output, with the same replacement. */
  readonly responseElements: () => Readonly<Record<string, unknown>> | undefined;
}

/** Called once per request, after the answer was decided. Must not throw; what it throws is logged and ignored. */
export type AuditPort = (record: AuditRecord) => void;

export interface ClockPort {
  /** ms since epoch. */
  now(): number;
}

export interface IdsPort {
  /** A fresh UUID. */
  requestId(): string;
}

export interface LogPort {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}
