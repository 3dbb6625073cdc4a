import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canMoveToColdStorage } from '../resources/resource-types.ts';
import { canGoCold, capabilitiesOf, isSupportedType } from './capabilities-of.ts';
import { CAPABILITY_MATRIX } from './capability-matrix.ts';

const arn = (rest: string): string => `arn:aws:${rest}`;

test('the matrix has the 22 rows of the feature table, each named once', () => {
  assert.equal(CAPABILITY_MATRIX.length, 22);
  assert.equal(new Set(CAPABILITY_MATRIX.map((row) => row.row)).size, 22);
});

test('an RDS cluster cannot be copied and has no point-in-time restore, an instance has both', () => {
  const cluster = capabilitiesOf({ resourceType: 'RDS', resourceArn: arn('rds:us-east-1:123456789012:cluster:c') });
  const instance = capabilitiesOf({ resourceType: 'RDS', resourceArn: arn('rds:us-east-1:123456789012:db:d') });
  assert.deepEqual([cluster?.pointInTime, cluster?.copy.crossRegion], [false, false]);
  assert.deepEqual([instance?.pointInTime, instance?.copy.onlyOneAtOnce], [true, true]);
});

test('an FSx volume is ONTAP and cannot be copied, an FSx file system can', () => {
  const volume = capabilitiesOf({
    resourceType: 'FSx',
    resourceArn: arn('fsx:us-east-1:123456789012:volume/fs-1/v-1'),
  });
  const system = capabilitiesOf({
    resourceType: 'FSx',
    resourceArn: arn('fsx:us-east-1:123456789012:file-system/fs-1'),
  });
  assert.equal(volume?.copy.crossRegion, false);
  assert.equal(system?.copy.crossRegion, true);
});

test('DynamoDB is advanced unless switched off', () => {
  const resourceArn = arn('dynamodb:us-east-1:123456789012:table/t');
  assert.equal(capabilitiesOf({ resourceType: 'DynamoDB', resourceArn })?.fullManagement, true);
  assert.equal(
    capabilitiesOf({ resourceType: 'DynamoDB', resourceArn, isDynamoDbAdvanced: false })?.fullManagement,
    false,
  );
});

test('point-in-time restore exists for exactly S3, RDS instances, Aurora and SAP HANA (CORE-22)', () => {
  assert.deepEqual(
    CAPABILITY_MATRIX.filter((row) => row.pointInTime).map((row) => row.row),
    ['S3', 'RDS single instance', 'Aurora', 'SAP HANA on EC2'],
  );
});

test('cold storage agrees with the rule that recovery points are moved by', () => {
  for (const { resourceType } of CAPABILITY_MATRIX) {
    for (const optIn of [false, true]) {
      assert.equal(canGoCold({ resourceType, resourceArn: '' }, optIn), canMoveToColdStorage(resourceType, optIn));
    }
  }
});

test('a type without a row has no ability', () => {
  assert.equal(capabilitiesOf({ resourceType: 'Mystery', resourceArn: '' }), undefined);
  assert.equal(isSupportedType('Mystery'), false);
  assert.equal(canGoCold({ resourceType: 'Mystery', resourceArn: '' }, true), false);
});
