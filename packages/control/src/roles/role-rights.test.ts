import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConditionContext } from '@holdfast/neighbours';
import { testNeighbours } from '@holdfast/neighbours/testing';
import { RESOURCE_TYPE_RIGHTS } from './resource-type-rights.ts';
import type { RoleRight } from './role-right.ts';
import { backupRights, copyRights, deletionRights, restoreRights } from './role-rights.ts';

const SCOPE = { accountId: '123456789012', region: 'us-east-1' };
const ROLE = 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole';
/** One resource of each type, in the form that the policies of the guide expect. */
const RESOURCES: Readonly<Record<string, string>> = {
  EFS: 'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1',
  S3: 'arn:aws:s3:::bucket',
  EBS: 'arn:aws:ec2:us-east-1:123456789012:volume/vol-1',
  EC2: 'arn:aws:ec2:us-east-1:123456789012:instance/i-1',
  RDS: 'arn:aws:rds:us-east-1:123456789012:db:x',
  Aurora: 'arn:aws:rds:us-east-1:123456789012:cluster:x',
  DocumentDB: 'arn:aws:rds:us-east-1:123456789012:cluster:y',
  Neptune: 'arn:aws:rds:us-east-1:123456789012:cluster:z',
  'Storage Gateway': 'arn:aws:storagegateway:us-east-1:123456789012:gateway/sgw-1/volume/vol-1',
  FSx: 'arn:aws:fsx:us-east-1:123456789012:file-system/fs-1',
  DynamoDB: 'arn:aws:dynamodb:us-east-1:123456789012:table/t',
  Timestream: 'arn:aws:timestream:us-east-1:123456789012:database/d/table/t',
  Redshift: 'arn:aws:redshift:us-east-1:123456789012:cluster:c',
  CloudFormation: 'arn:aws:cloudformation:us-east-1:123456789012:stack/s/1',
  VirtualMachine: 'arn:aws:backup-gateway:us-east-1:123456789012:vm/vm-1',
  'SAP HANA on Amazon EC2': 'arn:aws:ssm-sap:us-east-1:123456789012:HANA/x/DB/y',
};

test('IAM-36: the default role has every right that any job of any type asks for', async () => {
  assert.deepEqual(Object.keys(RESOURCES).sort(), Object.keys(RESOURCE_TYPE_RIGHTS).sort());
  await using server = await testNeighbours();
  const may = async (rights: readonly RoleRight[]): Promise<string> => {
    const checks = rights.map(({ conditions = {}, ...right }) => ({
      ...right,
      conditions: new ConditionContext(conditions),
    }));
    const outcome = await server.neighbours.roles.mayUse(SCOPE.accountId, ROLE, server.now, checks);
    return outcome.ok ? 'yes' : outcome.reason;
  };
  for (const [resourceType, resourceArn] of Object.entries(RESOURCES)) {
    const subject = { ...SCOPE, resourceType, resourceArn };
    const restores = [true, false].flatMap((isToPointInTime) =>
      restoreRights(subject, { createsResource: true, isToPointInTime, setsTags: true }),
    );
    // Restores of SAP HANA want a policy of their own (IAM-69).
    const groups = resourceType.startsWith('SAP') ? [] : restores;
    for (const { rights } of [...backupRights(subject, true), ...copyRights(subject, undefined), ...groups]) {
      assert.equal(await may(rights), 'yes', resourceType);
    }
    assert.equal(await may(deletionRights(subject)), 'yes', resourceType);
  }
});

test('a type that the guide does not name asks for no rights beyond the role itself', () => {
  const subject = { ...SCOPE, resourceType: 'EKS', resourceArn: 'arn:aws:eks:us-east-1:123456789012:cluster/c' };
  assert.deepEqual(
    backupRights(subject, false).flatMap(({ rights }) => rights),
    [],
  );
  assert.deepEqual(deletionRights(subject), []);
});
