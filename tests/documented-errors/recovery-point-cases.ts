/** Operations on recovery points and protected resources. */
import { badPage, list, point, pointErrors, type Table, vault, vaultErrors } from './case-forms.ts';
import { NO_RESOURCE } from './world.ts';

export const recoveryPointCases: Table = {
  DescribeRecoveryPoint: { good: point, errors: pointErrors },
  GetRecoveryPointRestoreMetadata: { good: point, errors: pointErrors },
  ListRecoveryPointsByBackupVault: {
    good: vault,
    errors: vaultErrors,
  },
  ListRecoveryPointsByResource: {
    good: ({ resource }) => ({ ResourceArn: resource }),
    errors: {
      MissingParameterValueException: { missing: 'ResourceArn' },
      InvalidParameterValueException: badPage,
      ResourceNotFoundException: () => ({ ResourceArn: NO_RESOURCE }),
    },
  },
  UpdateRecoveryPointLifecycle: {
    good: (world) => ({ ...point(world), Lifecycle: { DeleteAfterDays: 30 } }),
    errors: {
      ...pointErrors,
      InvalidParameterValueException: () => ({ Lifecycle: { DeleteAfterDays: 0 } }),
      InvalidRequestException: async (world) => ({
        RecoveryPointArn: await world.putPoint(world.vaultName, { isContinuous: true }),
      }),
    },
  },
  DisassociateRecoveryPoint: {
    good: point,
    errors: {
      ...pointErrors,
      InvalidRequestException: () => ({}),
      InvalidResourceStateException: async (world) => ({
        RecoveryPointArn: await world.putPoint(world.vaultName, { isContinuous: true, status: 'DELETING' }),
      }),
    },
  },
  DisassociateRecoveryPointFromParent: {
    good: point,
    errors: { ...pointErrors, InvalidRequestException: () => ({}) },
  },
  DeleteRecoveryPoint: {
    good: point,
    errors: {
      ...pointErrors,
      InvalidRequestException: async (world) => ({
        BackupVaultName: world.lockedVaultName,
        RecoveryPointArn: await world.putPoint(world.lockedVaultName),
      }),
      InvalidResourceStateException: async (world) => ({
        RecoveryPointArn: await world.putPoint(world.vaultName, { status: 'DELETING' }),
      }),
    },
  },
  DescribeProtectedResource: {
    good: ({ resource }) => ({ ResourceArn: resource }),
    errors: {
      MissingParameterValueException: { missing: 'ResourceArn' },
      InvalidParameterValueException: () => ({ ResourceArn: 'no-arn' }),
      ResourceNotFoundException: () => ({ ResourceArn: NO_RESOURCE }),
    },
  },
  ListProtectedResources: list,
  ListProtectedResourcesByBackupVault: {
    good: vault,
    errors: {
      InvalidParameterValueException: badPage,
      ResourceNotFoundException: vaultErrors.ResourceNotFoundException,
    },
  },
};
