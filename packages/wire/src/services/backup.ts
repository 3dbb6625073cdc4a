/** The backup service. */
import * as sdk from '@aws-sdk/client-backup';
import { defineService } from '../model/service.ts';
import { backupConstraints } from './backup-constraints.ts';

export const backup = defineService({
  name: 'backup',
  protocols: ['restJson1'],
  apiVersion: '2018-11-15',
  schemas: sdk,
  constraints: backupConstraints,
  errorCodes: {
    missing: 'MissingParameterValueException',
    invalid: 'InvalidParameterValueException',
    wrongType: 'InvalidRequestException',
    malformed: 'ValidationError',
    unavailable: 'ServiceUnavailableException',
  },
  errorStatuses: { ConflictException: 400 },
});
