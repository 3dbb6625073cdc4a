/** What each protocol can do. */
import type { WireRequest } from '../http/wire-request.ts';
import type { Operation } from '../model/shape.ts';
import type { HostedService } from './hosted-service.ts';
import type { ProtocolFamily, WireError } from './wire-error.ts';
import type { WireResponse } from './wire-response.ts';

/** The operation that a request means, with the labels of its path. */
export interface Route {
  readonly operation: Operation;
  readonly labels: ReadonlyMap<string, string>;
}

export interface ProtocolCodec {
  readonly family: ProtocolFamily;
  /** `undefined` when the service has no such operation; `name` is what the request asked for. */
  route(hosted: HostedService, request: WireRequest): Route | { readonly operation?: undefined; readonly name: string };
  /** @throws DecodeError */
  decode(route: Route, request: WireRequest): Record<string, unknown>;
  encode(hosted: HostedService, operation: Operation, output: object, requestId: string): WireResponse;
  encodeError(hosted: HostedService | undefined, error: WireError, requestId: string): WireResponse;
}
