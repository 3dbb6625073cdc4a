import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { ConnectorError } from '@holdfast/connectors';
import { StoreError } from '@holdfast/engine';
import { aRecoveryPoint } from '../testing/a-recovery-point.ts';
import { adminClient } from '../testing/admin-client.ts';
import { FILE_SYSTEM_ARN, SCOPE, type TestControl, testControl, withFileSystem } from '../testing/test-control.ts';

async function withAdmin() {
  const control = await testControl();
  await withFileSystem(control);
  return { control, admin: adminClient(control.wire), [Symbol.asyncDispose]: () => control[Symbol.asyncDispose]() };
}

async function resourceOf(control: TestControl) {
  return control.stores.resources.get(SCOPE, FILE_SYSTEM_ARN);
}

test('a source is added, discovered, shown, listed and removed with its resources', async () => {
  await using test = await withAdmin();
  const added = await test.admin<'AddSource'>('PUT', '/sources/second', {
    Kind: 'fake',
    Settings: { path: '/x' },
    Tags: { from: 'source' },
  });
  assert.equal(added.status, 200);
  assert.deepEqual([added.body.Source.Status, added.body.Discovery], ['reachable', { Found: 1, Vanished: [] }]);
  assert.deepEqual((await resourceOf(test.control))?.sourceTags, { from: 'source', team: 'blue' });
  const listed = await test.admin<'ListSources'>('GET', '/sources');
  assert.deepEqual(
    listed.body.Sources.map((source) => source.Name),
    ['home', 'second'],
  );
  const shown = await test.admin<'GetSource'>('GET', '/sources/second');
  assert.deepEqual(shown.body.Source.Settings, { path: '/x' });
  const again = await test.admin<'AddSource'>('PUT', '/sources/second', { Kind: 'fake' });
  assert.equal(again.error, 'AlreadyExistsException');
  assert.equal((await test.admin<'RemoveSource'>('DELETE', '/sources/second')).status, 200);
  assert.equal((await test.admin<'GetSource'>('GET', '/sources/second')).error, 'ResourceNotFoundException');
  assert.equal(await resourceOf(test.control), undefined);
});

test('a source that cannot be reached is kept with the reason, and found once it can', async () => {
  await using test = await withAdmin();
  test.control.connector.failures.set('open', new ConnectorError('unavailable', 'no route to host'));
  const added = await test.admin<'AddSource'>('PUT', '/sources/far', { Kind: 'fake' });
  assert.deepEqual(
    [added.status, added.body.Source.Status, added.body.Source.StatusMessage, added.body.Discovery],
    [200, 'unreachable', 'no route to host', undefined],
  );
  assert.equal((await test.admin<'CheckSource'>('POST', '/sources/far/check')).error, 'InvalidRequestException');
  assert.equal((await test.admin<'DiscoverSource'>('POST', '/sources/far/discover')).error, 'InvalidRequestException');
  test.control.connector.failures.clear();
  const checked = await test.admin<'CheckSource'>('POST', '/sources/far/check');
  assert.deepEqual(checked.body.Findings, [{ What: 'reachable', Ok: true }]);
  const discovered = await test.admin<'DiscoverSource'>('POST', '/sources/far/discover');
  assert.equal(discovered.body.Discovery.Found, 1);
  assert.equal((await test.admin<'GetSource'>('GET', '/sources/far')).body.Source.Status, 'reachable');
});

test('a source of the configuration file is removed there only', async () => {
  await using test = await withAdmin();
  const source = await test.control.stores.sources.get(SCOPE, 'home');
  assert.ok(source);
  await test.control.stores.sources.put({ ...source, origin: 'configuration' });
  assert.equal((await test.admin<'RemoveSource'>('DELETE', '/sources/home')).error, 'InvalidRequestException');
});

test('a source is kept while one of its resources is backed up continuously, and says what to do', async () => {
  await using test = await withAdmin();
  const { continuousBackups } = test.control.stores;
  const record = {
    ...SCOPE,
    continuousId: '00112233aabbccdd',
    vaultId: 'vault',
    recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:continuous:point',
    resourceArn: FILE_SYSTEM_ARN,
    resourceType: 'EFS',
    nature: 'log',
    state: 'ACTIVE',
    createdAt: 0,
    iamRoleArn: 'arn:aws:iam::123456789012:role/backup',
    recoveryPointTags: {},
    retention: { days: 7 },
    captureCount: 1,
    baseCount: 1,
    logGaps: [],
    dueAt: 0,
    fence: 0,
  } as const;
  await continuousBackups.create(record);
  const refused = await test.admin<'RemoveSource'>('DELETE', '/sources/home');
  assert.equal(refused.error, 'InvalidRequestException');
  assert.ok(await resourceOf(test.control), 'nothing was removed');
  await continuousBackups.change(record.continuousId, { state: 'STOPPING' });
  assert.equal((await test.admin<'RemoveSource'>('DELETE', '/sources/home')).status, 200);
});

test('what a source shows no more has vanished, unless the source broke off half-way', async () => {
  await using test = await withAdmin();
  const { control, admin } = test;
  control.clock.jump(1000);
  const system = control.connector.systems.get(FILE_SYSTEM_ARN);
  assert.ok(system);
  control.connector.systems.clear();
  control.connector.failures.set('discover', new ConnectorError('unavailable', 'broke off'));
  await admin<'DiscoverSource'>('POST', '/sources/home/discover');
  assert.equal((await resourceOf(control))?.status, 'available');
  control.connector.failures.clear();
  const vanished = await admin<'DiscoverSource'>('POST', '/sources/home/discover');
  assert.deepEqual(vanished.body.Discovery, { Found: 0, Vanished: [FILE_SYSTEM_ARN] });
  assert.equal((await resourceOf(control))?.status, 'vanished');
  control.connector.put(system);
  await admin<'DiscoverSource'>('POST', '/sources/home/discover');
  assert.equal((await resourceOf(control))?.status, 'available');
});

test('resources are listed by type and path, and tagged here without touching the source', async () => {
  await using test = await withAdmin();
  const { admin } = test;
  const path = `/resources/${encodeURIComponent(FILE_SYSTEM_ARN)}`;
  assert.equal(
    (await admin<'ListResources'>('GET', '/resources?path=%2Fsrv%2Fhome&resourceType=efs')).body.Resources.length,
    1,
  );
  assert.equal((await admin<'ListResources'>('GET', '/resources?path=%2Felsewhere')).body.Resources.length, 0);
  const tagged = await admin<'TagResource'>('POST', `${path}/tags`, { Tags: { team: 'red', tier: '1' } });
  assert.deepEqual(tagged.body.Resource.Tags, { team: 'red', tier: '1' });
  const untagged = await admin<'UntagResource'>('POST', `${path}/untag`, { TagKeys: ['team'] });
  assert.deepEqual(untagged.body.Resource.Tags, { team: 'blue', tier: '1' });
  await admin<'DiscoverSource'>('POST', '/sources/home/discover');
  const shown = await admin<'GetResource'>('GET', path);
  assert.deepEqual([shown.body.Resource.LocalTags, shown.body.Resource.Path], [{ tier: '1' }, '/srv/home']);
  assert.equal(
    (await admin<'TagResource'>('POST', `${path}x/tags`, { Tags: { a: 'b' } })).error,
    'ResourceNotFoundException',
  );
  assert.equal(
    (await admin<'TagResource'>('POST', `${path}/tags`, { Tags: { 'aws:a': 'b' } })).error,
    'InvalidParameterValueException',
  );
});

test('only a resource that a restore made is deleted, with its entry here', async () => {
  await using test = await withAdmin();
  const { control, admin } = test;
  const path = `/resources/${encodeURIComponent(FILE_SYSTEM_ARN)}`;
  const refused = await admin<'DeleteResource'>('DELETE', path);
  assert.equal(refused.error, 'InvalidRequestException');
  assert.equal((await resourceOf(control))?.status, 'available');
  control.connector.restored.add(FILE_SYSTEM_ARN);
  assert.equal((await admin<'DeleteResource'>('DELETE', path)).status, 200);
  assert.equal(await resourceOf(control), undefined);
  assert.equal((await admin<'DeleteResource'>('DELETE', path)).error, 'ResourceNotFoundException');
});

test('a recovery point is browsed directory by directory, and one file is taken out as a stream', async () => {
  await using test = await withAdmin();
  const { control, admin } = test;
  const point = `/recovery-points/${encodeURIComponent(await aRecoveryPoint(control))}`;
  const first = await admin<'ListRecoveryPointItems'>('GET', `${point}/items?maxResults=1`);
  assert.deepEqual([first.body.Item?.Type, first.body.Items[0]?.Name], ['directory', 'a.txt']);
  const second = await admin<'ListRecoveryPointItems'>(
    'GET',
    `${point}/items?maxResults=1&nextToken=${first.body.NextToken}`,
  );
  assert.deepEqual([second.body.Items[0]?.Name, second.body.NextToken], ['b.txt', undefined]);
  const file = await admin<'ListRecoveryPointItems'>('GET', `${point}/items?path=%2Fb.txt`);
  assert.deepEqual([file.body.Item?.SizeInBytes, file.body.Items], [2, []]);
  const content = await admin<'GetRecoveryPointItem'>('GET', `${point}/content?path=b.txt`);
  assert.deepEqual([content.status, content.text, content.headers.get('x-holdfast-size')], [200, 'bb', '2']);
  const asBytes = await admin(
    'GET',
    `${point}/content?pathBase64=${encodeURIComponent(Buffer.from('b.txt').toString('base64'))}`,
  );
  assert.equal(asBytes.text, 'bb');
  assert.equal(
    (await admin<'GetRecoveryPointItem'>('GET', `${point}/content?path=none`)).error,
    'ResourceNotFoundException',
  );
  assert.equal((await admin<'GetRecoveryPointItem'>('GET', `${point}/content`)).error, 'InvalidRequestException');
  assert.equal((await admin<'ListRecoveryPointItems'>('GET', `${point}x/items`)).error, 'ResourceNotFoundException');
});

test('items are found by name in all folders, page by page', async () => {
  await using test = await withAdmin();
  const { control, admin } = test;
  const point = `/recovery-points/${encodeURIComponent(await aRecoveryPoint(control))}`;
  const search = (query: string) => admin<'SearchRecoveryPointItems'>('GET', `${point}/item-search?${query}`);
  const first = await search('text=.TXT&maxResults=1');
  assert.deepEqual(
    first.body.Items.map(({ Path }) => Path),
    ['a.txt'],
  );
  const { body: second } = await search(`text=.TXT&maxResults=1&nextToken=${first.body.NextToken}`);
  assert.deepEqual([second.Items.map(({ Path }) => Path), second.NextToken], [['b.txt'], undefined]);
  const none = await search('text=nothing');
  assert.deepEqual([none.body.Items, none.body.NextToken], [[], undefined]);
  assert.ok(none.body.SearchedCount >= 2);
  assert.equal((await search('text=a&path=missing')).error, 'ResourceNotFoundException');
  assert.equal((await search('path=')).status, 400, 'a text is needed');
});

test('content in cold storage is refused with what to do, a store that is away as unavailable', async () => {
  await using test = await withAdmin();
  const point = `/recovery-points/${encodeURIComponent(await aRecoveryPoint(test.control))}`;
  const [repository] = test.control.repositories.values();
  assert.ok(repository);
  repository.readFailure = new StoreError('cold', 'the object must be warmed');
  const cold = await test.admin<'GetRecoveryPointItem'>('GET', `${point}/content?path=b.txt`);
  assert.equal(cold.error, 'InvalidRequestException');
  assert.match(cold.text, /restore the recovery point/);
  repository.readFailure = new StoreError('unavailable', 'no route to host');
  const away = await test.admin<'GetRecoveryPointItem'>('GET', `${point}/content?path=b.txt`);
  assert.deepEqual([away.status, away.error], [500, 'ServiceUnavailableException']);
});

test('issues of a job are listed in order; an unknown job is not found', async () => {
  await using test = await withAdmin();
  const { control, admin } = test;
  const { StartBackupJobCommand } = await import('@aws-sdk/client-backup');
  const { BackupJobId = '' } = await control.client.send(
    new StartBackupJobCommand({
      BackupVaultName: 'Default',
      ResourceArn: FILE_SYSTEM_ARN,
      IamRoleArn: await control.ports.roles.defaultRoleArn(SCOPE.accountId),
    }),
  );
  const issue = { jobId: BackupJobId, code: 'unreadable', message: 'EACCES', dataMissing: true };
  await control.stores.backupJobs.addIssues([
    { ...issue, sequence: 1, path: Buffer.from('a') },
    { ...issue, sequence: 2, path: Buffer.from([0xff]) },
  ]);
  const { body } = await admin<'ListJobIssues'>('GET', `/jobs/${BackupJobId}/issues`);
  assert.deepEqual(
    body.Issues.map((listed) => [listed.Path, listed.PathBase64]),
    [
      ['a', 'YQ=='],
      ['\ufffd', '/w=='],
    ],
  );
  assert.equal((await admin<'ListJobIssues'>('GET', '/jobs/none/issues')).error, 'ResourceNotFoundException');
});

test('status and workers answer', async () => {
  await using test = await withAdmin();
  const status = await test.admin<'GetStatus'>('GET', '/status');
  assert.deepEqual([status.body.Version, status.body.ConnectorKinds], ['0.0.0-test', ['fake']]);
  assert.deepEqual((await test.admin<'ListWorkers'>('GET', '/workers')).body, { Workers: [] });
});

test('connectors tell what they restore, and settings are checked before a source is kept', async () => {
  await using test = await withAdmin();
  const { admin, control } = test;
  const { body } = await admin<'ListConnectors'>('GET', '/connectors');
  assert.deepEqual(
    body.Connectors.map(({ Kind, RestoreFields }) => [Kind, RestoreFields]),
    [['fake', []]],
  );
  const good = await admin<'CheckSettings'>('POST', '/connectors/fake/check', { Settings: {} });
  assert.deepEqual(good.body.Findings, [{ What: 'reachable', Ok: true }]);
  assert.deepEqual(
    good.body.Resources.map(({ ResourceArn }) => ResourceArn),
    [FILE_SYSTEM_ARN],
  );
  control.connector.failures.set('open', new ConnectorError('unavailable', 'no route to host'));
  const bad = await admin<'CheckSettings'>('POST', '/connectors/fake/check', { Settings: {} });
  assert.equal(bad.error, 'InvalidRequestException');
  assert.match(bad.text, /no route to host/);
  assert.equal((await admin<'ListSources'>('GET', '/sources')).body.Sources.length, 1);
});

test('a selection is previewed with the reason for every resource', async () => {
  await using test = await withAdmin();
  const preview = (BackupSelection: object) =>
    test.admin<'PreviewSelection'>('POST', '/selection-previews', { BackupSelection });
  const everything = await preview({});
  assert.deepEqual([everything.body.IncludedCount, everything.body.TotalCount], [1, 1]);
  assert.equal(everything.body.Included[0]?.Reason, 'everything');
  const byTag = await preview({
    ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'team', ConditionValue: 'blue' }],
  });
  assert.deepEqual([byTag.body.Included[0]?.Reason, byTag.body.Included[0]?.Detail], ['tag', 'team = blue']);
  const excluded = await preview({ Resources: ['*'], NotResources: [FILE_SYSTEM_ARN] });
  assert.deepEqual(
    [excluded.body.IncludedCount, excluded.body.Excluded[0]?.Reason, excluded.body.Excluded[0]?.Detail],
    [0, 'not-resources', FILE_SYSTEM_ARN],
  );
  assert.equal((await preview({ Resources: [1] })).error, 'InvalidParameterValueException');
});

test('a folder of a recovery point comes as a tar archive that tar can read', async () => {
  await using test = await withAdmin();
  const point = `/recovery-points/${encodeURIComponent(await aRecoveryPoint(test.control))}`;
  const archive = await test.admin<'GetRecoveryPointArchive'>('GET', `${point}/archive`);
  assert.equal(archive.status, 200);
  const tar = (...args: string[]) => execFileSync('tar', args, { input: archive.text }).toString();
  assert.deepEqual(tar('-t').trim().split('\n'), ['a.txt', 'b.txt']);
  assert.equal(tar('-x', '-O', 'b.txt'), 'bb');
  const one = await test.admin<'GetRecoveryPointArchive'>('GET', `${point}/archive?path=b.txt`);
  assert.equal(execFileSync('tar', ['-t'], { input: one.text }).toString().trim(), 'b.txt');
  assert.equal(
    (await test.admin<'GetRecoveryPointArchive'>('GET', `${point}/archive?path=none`)).error,
    'ResourceNotFoundException',
  );
});
