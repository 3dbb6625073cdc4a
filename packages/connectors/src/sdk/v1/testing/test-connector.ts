import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { ItemIssue } from '@holdfast/engine';
import type { BackupSession, Connector, ConnectorContext, DiscoveredResource, RestoreRequest } from '../connector.ts';
import { ConnectorError, type ConnectorErrorClass } from '../connector-error.ts';
import { createConnectorRegistry } from '../connector-registry.ts';
import type { ConnectorHarness, ConnectorScenario } from './connector-scenario.ts';
import type { MemoryRecoveryPoint } from './memory-recovery-point.ts';
import { firstResource, runBackup } from './run-backup.ts';
import { testConnectorContext } from './test-context.ts';

const ARN = /^arn:aws:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+$/;

interface Opened {
  readonly scenario: ConnectorScenario;
  readonly context: ConnectorContext;
  readonly connector: Connector;
  readonly signal: AbortSignal;
}

/** The contract that every connector keeps, run against its own engine or a faithful stand-in. */
export function testConnector(name: string, harness: ConnectorHarness): void {
  const { descriptor } = harness;
  const registry = createConnectorRegistry([descriptor]);

  async function open(t: TestContext): Promise<Opened> {
    const scenario = await harness.setUp(t);
    const context = testConnectorContext(scenario.directory);
    const connector = await registry.open(scenario.source, context);
    t.after(() => connector[Symbol.asyncDispose]());
    return { scenario, context, connector, signal: new AbortController().signal };
  }

  describe(`${name} keeps the connector contract`, () => {
    describeDescriptor(harness);
    describeDiscovery(open, (opened) => registry.open(opened.scenario.source, opened.context));
    describeCheck(open, registry.open);
    describeBackup(open, harness);
    describeRestore(open, harness);
    describeRemoval(open);
  });
}

type Open = (t: TestContext) => Promise<Opened>;

function describeDescriptor({ descriptor }: ConnectorHarness): void {
  it('declares its kind, its resource types and a description for each restore field', () => {
    assert.match(descriptor.kind, /^[a-z][a-z0-9-]*$/);
    assert.ok(descriptor.title.length > 0 && descriptor.resourceTypes.length > 0);
    const names = descriptor.restoreFields.map((field) => field.name.toLowerCase());
    assert.equal(new Set(names).size, names.length, 'two restore fields differ in case only');
    for (const field of descriptor.restoreFields) assert.ok(field.description.length > 10, field.name);
  });

  it('refuses settings that are no settings, and says which', () => {
    assert.equal(descriptor.settings.safeParse({ 'no-such-setting': 1 }).success, false);
    assert.equal(descriptor.settings.safeParse(undefined).success, false);
  });
}

function describeDiscovery(open: Open, reopen: (opened: Opened) => Promise<Connector>): void {
  it('discovers resources with ARNs in AWS form, tags and a type that it declares', async (t) => {
    const { connector, scenario } = await open(t);
    const resource = await firstResource(connector);
    assert.match(resource.arn, ARN);
    assert.ok(resource.arn.includes(`:${scenario.source.region}:`) || resource.resourceType === 'S3');
    assert.deepEqual({ ...resource.tags }, scenario.expectedTags);
    assert.equal(resource.status, 'available');
  });

  it('gives a resource the same ARN after a restart', async (t) => {
    const opened = await open(t);
    const before = await firstResource(opened.connector);
    await using again = await reopen(opened);
    assert.equal((await firstResource(again)).arn, before.arn);
  });

  it('keeps an unavailable resource in the list, says why, and refuses to back it up', async (t) => {
    const { connector, scenario, signal } = await open(t);
    const { arn } = await firstResource(connector);
    await scenario.takeAway();
    const resource = await firstResource(connector);
    assert.equal(resource.arn, arn);
    assert.equal(resource.status, 'unavailable');
    assert.ok((resource.statusMessage ?? '').length > 0);
    await rejectsWith(['unavailable', 'denied'], connector.openBackup({ resourceArn: arn, options: {}, signal }));
  });
}

function describeCheck(open: Open, openSource: ReturnType<typeof createConnectorRegistry>['open']): void {
  it('finds nothing wrong with a source that works', async (t) => {
    const { connector, signal } = await open(t);
    const findings = await connector.check(signal);
    assert.ok(findings.length > 0);
    assert.deepEqual(
      findings.filter((finding) => !finding.ok && finding.advisory !== true),
      [],
    );
  });

  it('reports a source that cannot be reached as a finding with a hint, not as an exception', async (t) => {
    const { scenario, context, signal } = await open(t);
    await using connector = await openSource(scenario.unreachable, {
      ...context,
      stateDirectory: `${context.stateDirectory}-2`,
    });
    const bad = (await connector.check(signal)).filter((finding) => !finding.ok && finding.advisory !== true);
    assert.ok(bad.length > 0, 'no finding');
    for (const finding of bad) assert.ok((finding.hint ?? '').length > 10, `no hint for: ${finding.what}`);
  });
}

function describeBackup(open: Open, { descriptor }: ConnectorHarness): void {
  it('delivers items in path order and states restore metadata that it accepts itself', async (t) => {
    const { connector, scenario } = await open(t);
    const { point, session } = await runBackup(connector, (await firstResource(connector)).arn);
    assert.ok(point.records.length > 1);
    assert.deepEqual(
      point.issues.filter((each) => each.dataMissing),
      [],
    );
    descriptor.validateRestoreMetadata(scenario.newResourceMetadata(session.restoreMetadata));
  });

  it('does not read unchanged content again, and reads what changed', async (t) => {
    if (!descriptor.abilities.incremental) return t.diagnostic('the connector declares no incremental backups');
    const { connector, scenario } = await open(t);
    const { arn } = await firstResource(connector);
    const first = await runBackup(connector, arn);
    const unchanged = await runBackup(connector, arn, { parent: first.point });
    const readEveryTime = scenario.readEveryTime ?? 0;
    assert.ok(unchanged.point.readPaths.length <= readEveryTime, unchanged.point.readPaths.join());
    await scenario.change();
    const changed = await runBackup(connector, arn, { parent: unchanged.point });
    assert.ok(changed.point.readPaths.length > unchanged.point.readPaths.length);
    assert.ok(changed.point.readPaths.length < first.point.readPaths.length);
  });

  it('stops at once when the signal aborts, and leaves nothing held', async (t) => {
    const { connector } = await open(t);
    const { arn } = await firstResource(connector);
    const controller = new AbortController();
    const session = await connector.openBackup({ resourceArn: arn, options: {}, signal: controller.signal });
    await assert.rejects(async () => {
      controller.abort(new Error('the user stopped the job'));
      for await (const _ of session.entries(controller.signal)) assert.ok(true);
    }, /the user stopped the job/);
    await session.release({ stored: false });
    await runBackup(connector, arn);
  });

  it('can be released without a single entry having been read, and only once', async (t) => {
    const { connector, signal } = await open(t);
    const { arn } = await firstResource(connector);
    const session: BackupSession = await connector.openBackup({ resourceArn: arn, options: {}, signal });
    await session.release({ stored: false });
    await assert.rejects(session.release({ stored: false }), /twice/);
  });

  it('refuses a resource that is not of this source', async (t) => {
    const { connector, signal } = await open(t);
    const arn = (await firstResource(connector)).arn.replace(/.{6}$/, 'ffffff');
    await rejectsWith(['not-found'], connector.openBackup({ resourceArn: arn, options: {}, signal }));
  });

  it('records what refuses to be read as an issue, and keeps the rest', async (t) => {
    const { connector, scenario } = await open(t);
    if ('notApplicable' in scenario.makeUnreadable) return t.diagnostic(scenario.makeUnreadable.notApplicable);
    const { issueMentions } = await scenario.makeUnreadable();
    const { point } = await runBackup(connector, (await firstResource(connector)).arn);
    const missing = point.issues.filter((each) => each.dataMissing);
    assert.ok(
      missing.some((each) => issueMentions.test(each.message)),
      JSON.stringify(missing.map((each) => each.message)),
    );
    assert.ok(point.records.length > 1);
  });
}

/** A restore request with its progress and issues collected. */
function restoreRequest(
  opened: Opened,
  resource: DiscoveredResource,
  point: MemoryRecoveryPoint,
  metadata: Readonly<Record<string, string>>,
): {
  readonly request: RestoreRequest;
  readonly issues: ItemIssue[];
  readonly totals: { bytes: number; items: number };
} {
  const issues: ItemIssue[] = [];
  const totals = { bytes: 0, items: 0 };
  const request: RestoreRequest = {
    recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:1',
    sourceResourceArn: resource.arn,
    metadata,
    tags: { restored: 'yes' },
    content: point,
    jobId: '1323657E-2AA4-1D94-2C48-5D7A423E7394',
    startedAt: opened.context.now(),
    signal: opened.signal,
    progress({ bytes, items }) {
      assert.ok(bytes >= totals.bytes && items >= totals.items, 'progress states totals, which never shrink');
      Object.assign(totals, { bytes, items });
    },
    issue: (each) => issues.push(each),
  };
  return { request, issues, totals };
}

function describeRestore(open: Open, { descriptor }: ConnectorHarness): void {
  it('restores into a new resource that it then discovers, with the same content', async (t) => {
    const opened = await open(t);
    const { connector, scenario } = opened;
    const resource = await firstResource(connector);
    const before = await scenario.contentOfSource();
    const { point, session } = await runBackup(connector, resource.arn);
    const metadata = scenario.newResourceMetadata(session.restoreMetadata);
    const { request, issues, totals } = restoreRequest(opened, resource, point, metadata);
    const outcome = await connector.restore(request);
    assert.notEqual(outcome.createdResourceArn, resource.arn);
    assert.equal(outcome.resource?.arn, outcome.createdResourceArn);
    assert.deepEqual(outcome.resource?.tags, request.tags);
    assert.deepEqual(
      issues.filter((each) => each.dataMissing),
      [],
    );
    assert.ok(totals.items >= point.records.length - 1);
    assert.deepEqual(await scenario.contentOfRestore(outcome, outcome.resource), before);
    assert.deepEqual(await scenario.contentOfSource(), before, 'the source was changed');
    assert.ok((await arnsOf(connector)).includes(outcome.createdResourceArn));
    await runBackup(connector, outcome.createdResourceArn);
  });

  it('restores into the existing resource and destroys nothing of it', async (t) => {
    const opened = await open(t);
    const { connector, scenario } = opened;
    if ('notApplicable' in scenario.existingResourceMetadata)
      return t.diagnostic(scenario.existingResourceMetadata.notApplicable);
    const resource = await firstResource(connector);
    const before = await scenario.contentOfSource();
    const { point, session } = await runBackup(connector, resource.arn);
    const metadata = scenario.existingResourceMetadata(session.restoreMetadata);
    const outcome = await connector.restore(restoreRequest(opened, resource, point, metadata).request);
    assert.equal(outcome.createdResourceArn, resource.arn);
    assert.equal(outcome.resource, undefined);
    assert.deepEqual(await scenario.contentOfRestore(outcome, undefined), before);
  });

  it('continues a restore that was interrupted, in the same place, when the job comes again', async (t) => {
    const opened = await open(t);
    const { connector, scenario } = opened;
    const resource = await firstResource(connector);
    const before = await scenario.contentOfSource();
    const { point, session } = await runBackup(connector, resource.arn);
    const { request } = restoreRequest(opened, resource, point, scenario.newResourceMetadata(session.restoreMetadata));
    const controller = new AbortController();
    let reported = 0;
    const interrupted = connector.restore({
      ...request,
      signal: controller.signal,
      progress() {
        reported += 1;
        if (reported === 3) controller.abort(new Error('the worker lost its lease'));
      },
    });
    await assert.rejects(interrupted, /lost its lease/);
    const resources = (await arnsOf(connector)).length;
    const outcome = await connector.restore(request);
    assert.deepEqual(await scenario.contentOfRestore(outcome, outcome.resource), before);
    assert.equal((await arnsOf(connector)).length, Math.max(resources, 2), 'the second call made a second resource');
  });

  it('refuses restore metadata that is not valid, and names the key', async (t) => {
    const { connector, scenario } = await open(t);
    const { session } = await runBackup(connector, (await firstResource(connector)).arn);
    const valid = scenario.newResourceMetadata(session.restoreMetadata);
    for (const { change, message } of scenario.invalidMetadata) {
      const changed = Object.entries({ ...valid, ...change }).filter((entry) => entry[1] !== undefined);
      assert.throws(
        () => descriptor.validateRestoreMetadata(Object.fromEntries(changed) as Record<string, string>),
        (error) => {
          assert.ok(error instanceof ConnectorError && error.class === 'invalid-request', String(error));
          assert.match(error.message, message);
          return true;
        },
      );
    }
  });

  it('reports content that the recovery point cannot deliver as an issue, and restores the rest', async (t) => {
    const opened = await open(t);
    const { connector, scenario } = opened;
    const resource = await firstResource(connector);
    const { point, session } = await runBackup(connector, resource.arn);
    const [victim] = point.readPaths;
    point.damaged.add(victim ?? '');
    const { request, issues } = restoreRequest(
      opened,
      resource,
      point,
      scenario.newResourceMetadata(session.restoreMetadata),
    );
    await connector.restore(request);
    assert.deepEqual(
      issues.filter((each) => each.dataMissing).map((each) => Buffer.from(each.path).toString('latin1')),
      [victim],
    );
  });
}

function describeRemoval(open: Open): void {
  it('removes what a restore created and nothing else', async (t) => {
    const opened = await open(t);
    const { connector, scenario, signal } = opened;
    const resource = await firstResource(connector);
    const before = await scenario.contentOfSource();
    const { point, session } = await runBackup(connector, resource.arn);
    const metadata = scenario.newResourceMetadata(session.restoreMetadata);
    const { createdResourceArn } = await connector.restore(restoreRequest(opened, resource, point, metadata).request);
    await rejectsWith(['denied'], connector.deleteRestored(resource.arn, signal));
    await connector.deleteRestored(createdResourceArn, signal);
    assert.deepEqual(await arnsOf(connector), [resource.arn]);
    assert.deepEqual(await scenario.contentOfSource(), before);
    await rejectsWith(['not-found'], connector.deleteRestored(createdResourceArn, signal));
  });
}

async function arnsOf(connector: Connector): Promise<string[]> {
  const arns: string[] = [];
  for await (const resource of connector.discover(new AbortController().signal)) arns.push(resource.arn);
  return arns;
}

async function rejectsWith(classes: readonly ConnectorErrorClass[], action: Promise<unknown>): Promise<void> {
  await assert.rejects(action, (error) => {
    assert.ok(error instanceof ConnectorError, `not a ConnectorError: ${String(error)}`);
    assert.ok(classes.includes(error.class), `class is ${error.class}: ${error.message}`);
    return true;
  });
}
