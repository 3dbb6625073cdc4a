/** What the request listener is built from. */
import type { ServiceImplementation } from '../handling/handler.ts';
import type { AuditPort, AuthorizePort, ClockPort, CredentialsPort, IdsPort, LogPort } from '../handling/ports.ts';

export interface ListenerOptions {
  readonly services: readonly ServiceImplementation[];
  readonly credentials: CredentialsPort;
  readonly authorize: AuthorizePort;
  readonly audit?: AuditPort;
  readonly clock: ClockPort;
  readonly ids: IdsPort;
  readonly log: LogPort;
  /** Whether an error says that something (the catalog, a store) is away for now: the client may try again later. */
  readonly isTemporary?: (error: unknown) => boolean;
  /** Regions that the installation has; others are refused. Without it every region name of AWS's form is accepted. */
  readonly acceptsRegion?: (region: string) => boolean;
  /** Largest request body, bytes; 1 MiB by default. */
  readonly maxBodyBytes?: number;
  /** Time in which a request's body must have arrived, ms; 30 s by default. */
  readonly bodyTimeoutMs?: number;
  /** Time in which a handler must answer, ms; 60 s by default. Then its signal fires and the client gets an error. */
  readonly handlerTimeoutMs?: number;
}
