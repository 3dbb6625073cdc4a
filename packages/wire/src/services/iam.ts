/** The identity service. */
import * as sdk from '@aws-sdk/client-iam';
import { defineService } from '../model/service.ts';
import { iamConstraints } from './iam-constraints.ts';

export const iam = defineService({
  name: 'iam',
  protocols: ['awsQuery'],
  apiVersion: '2010-05-08',
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  schemas: sdk,
  constraints: iamConstraints,
});
