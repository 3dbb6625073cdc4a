import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RegionSettingsRecord } from '../settings/settings-store.ts';
import type { BackupSelectionDocument } from './backup-selection-store.ts';
import { type SelectableResource, selectResources } from './select-resources.ts';

const ACCOUNT = 'us-east-1:123456789012';

function resource(arn: string, resourceType: string, tags: Record<string, string> = {}): SelectableResource {
  return { arn, resourceType, tags };
}

const VOLUME = resource(`arn:aws:ec2:${ACCOUNT}:volume/vol-1`, 'EBS', { backup: 'true' });
const VOLUME_TEST = resource(`arn:aws:ec2:${ACCOUNT}:volume/vol-2`, 'EBS', { backup: 'true', stage: 'test' });
const INSTANCE = resource(`arn:aws:ec2:${ACCOUNT}:instance/i-1`, 'EC2', { stage: 'prod' });
const DATABASE = resource(`arn:aws:rds:${ACCOUNT}:db:orders`, 'RDS', { backup: 'true', stage: 'prod' });
const CLUSTER = resource(`arn:aws:rds:${ACCOUNT}:cluster:my-aurora-cluster`, 'Aurora');
const FILES = resource(`arn:aws:fsx:${ACCOUNT}:file-system/fs-1`, 'FSx', { stage: 'test' });
const BUCKET = resource('arn:aws:s3:::photos', 'S3', { backup: 'weekly' });
const ALL = [VOLUME, VOLUME_TEST, INSTANCE, DATABASE, CLUSTER, FILES, BUCKET];
const TYPES = ['EBS', 'EC2', 'RDS', 'Aurora', 'Neptune', 'DocumentDB', 'FSx', 'S3'];

/** Settings in which exactly these types are opted in. */
function onlyOptedIn(...types: string[]): RegionSettingsRecord {
  return { optIn: Object.fromEntries(TYPES.map((type) => [type, types.includes(type)])), management: {} };
}

const EVERYTHING_ON = onlyOptedIn(...TYPES);

function chosen(selection: Partial<BackupSelectionDocument>, settings = EVERYTHING_ON): readonly SelectableResource[] {
  const complete = { SelectionName: 's', IamRoleArn: 'arn:aws:iam::123456789012:role/r', ...selection };
  return selectResources(complete, ALL, settings)
    .filter(({ reason }) => reason.included)
    .map((entry) => entry.resource);
}

const tagged = (key: string, value: string) => ({ ConditionKey: `aws:ResourceTag/${key}`, ConditionValue: value });

test('all resources except EBS volumes (PLAN-116)', () => {
  assert.deepEqual(
    chosen({ Resources: ['*'], NotResources: ['arn:aws:ec2:*:*:volume/*'] }),
    ALL.filter((entry) => entry.resourceType !== 'EBS'),
  );
});

test('volumes and database instances tagged both backup=true and stage=prod', () => {
  assert.deepEqual(
    chosen({
      Resources: ['arn:aws:ec2:*:*:volume/*', 'arn:aws:rds:*:*:db:*'],
      Conditions: { StringEquals: [tagged('backup', 'true'), tagged('stage', 'prod')] },
    }),
    [DATABASE],
  );
});

test('volumes and databases tagged backup=true but not stage=test: an absent tag is not equal', () => {
  assert.deepEqual(
    chosen({
      Resources: ['arn:aws:ec2:*:*:volume/*', 'arn:aws:rds:*:*:db:*'],
      Conditions: { StringEquals: [tagged('backup', 'true')], StringNotEquals: [tagged('stage', 'test')] },
    }),
    [VOLUME, DATABASE],
  );
});

test('a tag key with any value', () => {
  assert.deepEqual(chosen({ Resources: ['*'], Conditions: { StringLike: [tagged('backup', '*')] } }), [
    VOLUME,
    VOLUME_TEST,
    DATABASE,
    BUCKET,
  ]);
});

test('resources and tags are united before NotResources and Conditions take away', () => {
  assert.deepEqual(
    chosen({
      Resources: ['arn:aws:fsx:*', 'arn:aws:rds:*:*:cluster:my-aurora-cluster'],
      ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'backup', ConditionValue: 'true' }],
      Conditions: { StringNotEquals: [tagged('stage', 'test')] },
    }),
    [VOLUME, DATABASE, CLUSTER],
  );
});

test('conditions are ANDed, so that a tag cannot equal one text and be like another (PLAN-103)', () => {
  assert.deepEqual(
    chosen({
      Resources: ['*'],
      Conditions: { StringEquals: [tagged('stage', 'prod')], StringLike: [tagged('stage', 'prod/*')] },
    }),
    [],
  );
});

test('a selection that names nothing takes all resources that are opted in (PLAN-119)', () => {
  assert.deepEqual(chosen({}), ALL);
  assert.deepEqual(chosen({ Resources: [] }, onlyOptedIn('S3')), [BUCKET]);
});

test('opt-in applies to tags and to *, not to patterns that name a service (CORE-57)', () => {
  const off = onlyOptedIn();
  const byTag = [{ ConditionType: 'STRINGEQUALS' as const, ConditionKey: 'backup', ConditionValue: 'true' }];
  assert.deepEqual(chosen({ ListOfTags: byTag }, off), []);
  assert.deepEqual(chosen({ Resources: ['*'] }, off), []);
  assert.deepEqual(chosen({ Resources: ['arn:aws:*'] }, off), []);
  assert.deepEqual(chosen({ Resources: ['arn:aws:s3:::photos'] }, off), [BUCKET]);
  assert.deepEqual(chosen({ Resources: ['*', 'arn:aws:ec2:*:*:volume/*'], ListOfTags: byTag }, off), [
    VOLUME,
    VOLUME_TEST,
  ]);
});

test('opting in to one of the RDS family opts in to all of it (CORE-60)', () => {
  assert.deepEqual(chosen({ Resources: ['*'] }, onlyOptedIn('Neptune')), [DATABASE, CLUSTER]);
});

test('tag keys and values are case-sensitive', () => {
  assert.deepEqual(chosen({ Resources: ['*'], Conditions: { StringEquals: [tagged('backup', 'True')] } }), []);
  assert.deepEqual(chosen({ Resources: ['*'], Conditions: { StringEquals: [tagged('Backup', 'true')] } }), []);
});

test('each verdict says why', () => {
  const selection = {
    SelectionName: 's',
    IamRoleArn: 'arn:aws:iam::123456789012:role/r',
    Resources: ['arn:aws:ec2:*'],
    NotResources: ['*instance/*'],
    Conditions: { StringNotEquals: [tagged('stage', 'test')] },
  };
  const reasons = selectResources(selection, ALL, EVERYTHING_ON);
  assert.deepEqual(
    reasons.map(({ reason }) => (reason.included ? reason.by : reason.because)),
    ['resources', 'condition', 'not-resources', 'no-match', 'no-match', 'no-match', 'no-match'],
  );
  assert.deepEqual(reasons[1]?.reason, {
    included: false,
    because: 'condition',
    condition: 'StringNotEquals aws:ResourceTag/stage = test',
  });
});

test('a tag named like a property of every object is looked for among the tags only', () => {
  assert.deepEqual(chosen({ Resources: ['*'], Conditions: { StringLike: [tagged('constructor', '*')] } }), []);
});
