import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DescribeGlobalSettingsCommand,
  DescribeRegionSettingsCommand,
  GetSupportedResourceTypesCommand,
  UpdateGlobalSettingsCommand,
  UpdateRegionSettingsCommand,
} from '@aws-sdk/client-backup';
import { testControl } from '../testing/test-control.ts';
import { isOptedIn } from './region-settings.ts';

test("region settings hold AWS's own 18 types and 2 management keys, all on until changed", async () => {
  await using control = await testControl();
  const before = await control.client.send(new DescribeRegionSettingsCommand({}));
  const optIn = before.ResourceTypeOptInPreference ?? {};
  assert.equal(Object.keys(optIn).length, 18);
  assert.ok(Object.values(optIn).every((value) => value === true));
  assert.deepEqual(before.ResourceTypeManagementPreference, { DynamoDB: true, EFS: true });
  await control.client.send(
    new UpdateRegionSettingsCommand({
      ResourceTypeOptInPreference: { EFS: false, 'Storage Gateway': false, docdb: false },
      ResourceTypeManagementPreference: { DynamoDB: false },
    }),
  );
  await control.client.send(new UpdateRegionSettingsCommand({ ResourceTypeOptInPreference: { EFS: true } }));
  const after = await control.client.send(new DescribeRegionSettingsCommand({}));
  assert.deepEqual(after.ResourceTypeOptInPreference, { ...optIn, 'Storage Gateway': false, DocumentDB: false });
  assert.deepEqual(after.ResourceTypeManagementPreference, { DynamoDB: false, EFS: true });
});

test('types that the maps do not know are refused', async () => {
  await using control = await testControl();
  for (const input of [
    { ResourceTypeOptInPreference: { PostgreSQL: true } },
    { ResourceTypeManagementPreference: { S3: true } },
  ]) {
    await assert.rejects(control.client.send(new UpdateRegionSettingsCommand(input)), {
      name: 'InvalidParameterValueException',
    });
  }
});

test('one of the four database types that is on turns all four on (CORE-60)', () => {
  const settings = { optIn: { RDS: false, Aurora: false, Neptune: true, DocumentDB: false }, management: {} };
  assert.equal(isOptedIn(settings, 'RDS'), true);
  assert.equal(isOptedIn({ ...settings, optIn: { ...settings.optIn, Neptune: false } }, 'RDS'), false);
});

test('supported resource types are those with a connector', async () => {
  await using control = await testControl();
  const { ResourceTypes } = await control.client.send(new GetSupportedResourceTypesCommand({}));
  assert.deepEqual(ResourceTypes, ['EFS']);
});

test('global settings need an organisation, and its management account to change them', async () => {
  await using control = await testControl();
  const update = (GlobalSettings: Record<string, string>) =>
    control.client.send(new UpdateGlobalSettingsCommand({ GlobalSettings }));
  const describe = () => control.client.send(new DescribeGlobalSettingsCommand({}));
  await assert.rejects(describe(), { name: 'InvalidRequestException' });
  await assert.rejects(update({ isCrossAccountBackupEnabled: 'true' }), { name: 'InvalidRequestException' });
  const membership = {
    organizationId: 'o-1',
    managementAccountId: '123456789012',
    isManagementAccount: true,
    isDelegatedAdministrator: false,
    accountIds: ['123456789012'],
  };
  control.switches.membership = membership;
  const before = await describe();
  assert.deepEqual(before.GlobalSettings, {
    isCrossAccountBackupEnabled: 'false',
    isDelegatedAdministratorEnabled: 'false',
    isMpaEnabled: 'false',
  });
  assert.equal(before.LastUpdateTime, undefined);
  await update({ isCrossAccountBackupEnabled: 'true' });
  const after = await describe();
  assert.equal(after.GlobalSettings?.isCrossAccountBackupEnabled, 'true');
  assert.equal(after.LastUpdateTime?.getTime(), control.clock.now());
  await assert.rejects(update({ isCrossAccountBackupEnabled: 'yes' }), { name: 'InvalidParameterValueException' });
  await assert.rejects(update({ ours: 'true' }), { name: 'InvalidParameterValueException' });
  control.switches.membership = { ...membership, isManagementAccount: false };
  await assert.rejects(update({ isMpaEnabled: 'true' }), { name: 'InvalidRequestException' });
});
