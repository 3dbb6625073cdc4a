/** A request as it came, body included. */
import type { Parameter } from '../codec/parameters.ts';

export interface WireRequest {
  readonly method: string;
  /** Still percent-encoded, without the query string. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Names in lower case; repeated headers joined by a comma, in order. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}
