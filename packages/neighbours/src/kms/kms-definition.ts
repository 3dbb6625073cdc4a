import * as sdk from '@aws-sdk/client-kms';
import { defineService, type Service } from '@holdfast/wire';
import { kmsConstraints } from './kms-constraints.ts';

/** The key service on the wire. */
export const kms = defineService({
  name: 'kms',
  protocols: ['awsJson1_1'],
  apiVersion: '2014-11-01',
  targetPrefix: 'TrentService',
  schemas: sdk,
  constraints: kmsConstraints,
});

/** The operations of kms with the types of their inputs and outputs. */
export type KmsOperations = typeof kms extends Service<infer Ops> ? Ops : never;
