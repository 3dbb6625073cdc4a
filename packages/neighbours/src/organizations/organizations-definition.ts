import * as sdk from '@aws-sdk/client-organizations';
import { defineService, type Service } from '@holdfast/wire';
import { organizationsConstraints } from './organizations-constraints.ts';

/** The service of organisations on the wire. */
export const organizations = defineService({
  name: 'organizations',
  protocols: ['awsJson1_1'],
  apiVersion: '2016-11-28',
  targetPrefix: 'AWSOrganizationsV20161128',
  schemas: sdk,
  constraints: organizationsConstraints,
  errorCodes: { invalid: 'InvalidInputException' },
});

/** The operations of organizations with the types of their inputs and outputs. */
export type OrganizationOperations = typeof organizations extends Service<infer Ops> ? Ops : never;
