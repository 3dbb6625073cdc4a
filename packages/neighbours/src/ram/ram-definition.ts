import * as sdk from '@aws-sdk/client-ram';
import { defineService, type Service } from '@holdfast/wire';
import { ramConstraints } from './ram-constraints.ts';

/** The service of resource shares on the wire. */
export const ram = defineService({
  name: 'ram',
  protocols: ['restJson1'],
  apiVersion: '2018-01-04',
  schemas: sdk,
  constraints: ramConstraints,
  errorCodes: { invalid: 'InvalidParameterException' },
});

/** The operations of ram with the types of their inputs and outputs. */
export type RamOperations = typeof ram extends Service<infer Ops> ? Ops : never;
