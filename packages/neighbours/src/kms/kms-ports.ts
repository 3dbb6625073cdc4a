import type { Authorizer } from '../authorization/authorizer.ts';
import type { RandomBytes } from '../identity/entity-id.ts';
import type { KeyService } from './key-service.ts';

/** What the handlers of kms need. Times come with each request. */
export interface KmsPorts {
  readonly service: KeyService;
  readonly authorizer: Authorizer;
  readonly random: RandomBytes;
  readonly uuid: () => string;
}
