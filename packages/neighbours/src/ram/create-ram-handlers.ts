import { implement, type ServiceImplementation } from '@holdfast/wire';
import { ram } from './ram-definition.ts';
import type { RamPorts } from './ram-ports.ts';
import { receiverHandlers } from './receiver-handlers.ts';
import { shareHandlers } from './share-handlers.ts';

/** The service of resource shares, as far as logically air-gapped vaults need it. */
export function createRamHandlers(ports: RamPorts): ServiceImplementation {
  return implement(ram, { ...shareHandlers(ports), ...receiverHandlers(ports) });
}
