/** The token service. */
import * as sdk from '@aws-sdk/client-sts';
import { defineService } from '../model/service.ts';
import { stsConstraints } from './sts-constraints.ts';

export const sts = defineService({
  name: 'sts',
  protocols: ['awsQuery'],
  apiVersion: '2011-06-15',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  schemas: sdk,
  constraints: stsConstraints,
});
