/** Operations on legal holds, tags and settings. */
import * as sdk from '@aws-sdk/client-backup';
import { BAD_ID, badPage, list, NO_ID, type Table, TOO_MANY_TAGS, vaultArn } from './case-forms.ts';
import { NO_RESOURCE } from './world.ts';

export const furtherCases: Table = {
  CreateLegalHold: {
    good: () => ({
      Title: 'a case',
      Description: 'a case',
      RecoveryPointSelection: { ResourceIdentifiers: [NO_RESOURCE] },
    }),
    errors: {
      MissingParameterValueException: { missing: 'Title' },
      InvalidParameterValueException: () => ({ Description: 'x'.repeat(281) }),
      LimitExceededException: ({ server }) => {
        server.quotas.legalHolds = 1;
        return {};
      },
    },
  },
  GetLegalHold: {
    good: ({ legalHoldId }) => ({ LegalHoldId: legalHoldId }),
    errors: {
      MissingParameterValueException: { missing: 'LegalHoldId' },
      InvalidParameterValueException: () => ({ LegalHoldId: BAD_ID }),
      ResourceNotFoundException: () => ({ LegalHoldId: NO_ID }),
    },
  },
  CancelLegalHold: {
    good: ({ legalHoldId }) => ({ LegalHoldId: legalHoldId, CancelDescription: 'over' }),
    errors: {
      MissingParameterValueException: { missing: 'CancelDescription' },
      InvalidParameterValueException: () => ({ RetainRecordInDays: -1 }),
      ResourceNotFoundException: () => ({ LegalHoldId: NO_ID }),
      InvalidResourceStateException: async ({ client }) => {
        const RecoveryPointSelection = { ResourceIdentifiers: [NO_RESOURCE] };
        const { LegalHoldId } = await client.send(
          new sdk.CreateLegalHoldCommand({ Title: 'over', Description: 'over', RecoveryPointSelection }),
        );
        await client.send(new sdk.CancelLegalHoldCommand({ LegalHoldId, CancelDescription: 'over' }));
        return { LegalHoldId };
      },
    },
  },
  ListLegalHolds: list,
  ListRecoveryPointsByLegalHold: {
    good: ({ legalHoldId }) => ({ LegalHoldId: legalHoldId }),
    errors: {
      MissingParameterValueException: { missing: 'LegalHoldId' },
      InvalidParameterValueException: () => ({ LegalHoldId: NO_ID }),
    },
  },
  ListTags: {
    good: ({ vaultName }) => ({ ResourceArn: vaultArn(vaultName) }),
    errors: {
      MissingParameterValueException: { missing: 'ResourceArn' },
      InvalidParameterValueException: badPage,
      ResourceNotFoundException: () => ({ ResourceArn: vaultArn('no-such-vault') }),
    },
  },
  TagResource: {
    good: ({ vaultName }) => ({ ResourceArn: vaultArn(vaultName), Tags: { team: 'blue' } }),
    errors: {
      MissingParameterValueException: { missing: 'Tags' },
      InvalidParameterValueException: () => ({ Tags: { 'aws:reserved': 'x' } }),
      LimitExceededException: () => ({ Tags: TOO_MANY_TAGS }),
      ResourceNotFoundException: () => ({ ResourceArn: vaultArn('no-such-vault') }),
    },
  },
  UntagResource: {
    good: ({ vaultName }) => ({ ResourceArn: vaultArn(vaultName), TagKeyList: ['team'] }),
    errors: {
      MissingParameterValueException: { missing: 'TagKeyList' },
      InvalidParameterValueException: () => ({ ResourceArn: 'no-arn' }),
      ResourceNotFoundException: () => ({ ResourceArn: vaultArn('no-such-vault') }),
    },
  },
  GetSupportedResourceTypes: { good: () => ({}), errors: {} },
  DescribeRegionSettings: { good: () => ({}), errors: {} },
  UpdateRegionSettings: {
    good: () => ({ ResourceTypeOptInPreference: { EFS: true } }),
    errors: {
      MissingParameterValueException: { missing: 'ResourceTypeOptInPreference' },
      InvalidParameterValueException: () => ({ ResourceTypeOptInPreference: { Nonsense: true } }),
    },
  },
  // The world's account is in no organisation until one of the provocations makes it.
  DescribeGlobalSettings: { good: () => ({}), errors: { InvalidRequestException: () => ({}) } },
  UpdateGlobalSettings: {
    good: () => ({ GlobalSettings: { isCrossAccountBackupEnabled: 'true' } }),
    errors: {
      InvalidRequestException: () => ({}),
      MissingParameterValueException: { missing: 'GlobalSettings' },
      InvalidParameterValueException: () => ({ GlobalSettings: { nonsense: 'true' } }),
    },
  },
};
