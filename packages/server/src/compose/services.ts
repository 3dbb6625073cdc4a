/** The services that answer on the one endpoint. */
import {
  createAdminService,
  createBackupHandlers,
  createLegalHoldHandlers,
  createPlanHandlers,
  legalHoldTagTarget,
  planTagTarget,
} from '@holdfast/control';
import { createIamHandlers, createKmsHandlers, createStsHandlers } from '@holdfast/neighbours';
import { implement, type ServiceImplementation } from '@holdfast/wire';
import { backup } from '@holdfast/wire/backup';
import { systemIdentifiers } from '../adapters/identifiers.ts';
import { VERSION } from '../version.ts';
import type { Control } from './control-ports.ts';
import type { Identity } from './identity.ts';

export interface ServerFacts {
  readonly startedAt: number;
  workers(): Promise<readonly { readonly workerId: string; readonly jobIds: readonly string[] }[]>;
}

export function buildServices(control: Control, identity: Identity, facts: ServerFacts): ServiceImplementation[] {
  const { ports, plans, legalHolds } = control;
  const tagTargets = [planTagTarget(plans.plans), legalHoldTagTarget(legalHolds.legalHolds)];
  return [
    implement(backup, {
      ...createBackupHandlers(ports, tagTargets),
      ...createPlanHandlers(plans),
      ...createLegalHoldHandlers(legalHolds),
    }),
    createAdminService(ports, { version: VERSION, ...facts }),
    createStsHandlers(identity),
    createIamHandlers(identity),
    createKmsHandlers({ service: identity.keys, ...identity, uuid: systemIdentifiers.uuid }),
  ];
}
