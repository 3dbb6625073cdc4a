import { implement, type ServiceImplementation } from '@holdfast/wire';
import { aliasHandlers } from './alias-handlers.ts';
import { cryptographicHandlers } from './cryptographic-handlers.ts';
import { grantHandlers } from './grant-handlers.ts';
import { keyHandlers } from './key-handlers.ts';
import { keyPolicyHandlers } from './key-policy-handlers.ts';
import { kms } from './kms-definition.ts';
import type { KmsPorts } from './kms-ports.ts';

/** The key service: symmetric keys for backups. Asymmetric keys and the rest answer "not supported". */
export function createKmsHandlers(ports: KmsPorts): ServiceImplementation {
  return implement(kms, {
    ...keyHandlers(ports),
    ...keyPolicyHandlers(ports),
    ...aliasHandlers(ports),
    ...grantHandlers(ports),
    ...cryptographicHandlers(ports),
  });
}
