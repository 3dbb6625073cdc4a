import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupPlanRecord, RuleCursor, TagStore } from '@holdfast/control';
import { forEachDatabase } from '../testing/for-each-database.ts';
import { CatalogBackupPlanStore } from './backup-plan-store.ts';
import { CatalogBackupSelectionStore } from './backup-selection-store.ts';

const SCOPE = { accountId: '123456789012', region: 'us-east-1' };

/** Keeps what was put, which is all that plans ask of it. */
function recordingTags(): TagStore & { readonly stored: Map<string, object> } {
  const stored = new Map<string, object>();
  return {
    stored,
    list: async () => ({ items: [] }),
    put: async (_account, arn, tags) => {
      stored.set(arn, tags);
      return true;
    },
    remove: async () => undefined,
    removeAll: async () => undefined,
  };
}

function aPlan(planId: string, createdAt: number, name = planId): BackupPlanRecord {
  const rule = {
    RuleId: 'rule',
    RuleName: 'rule',
    TargetBackupVaultName: 'Default',
    ScheduleExpression: 'cron(0 5 ? * * *)',
    ScheduleExpressionTimezone: 'Etc/UTC',
    StartWindowMinutes: 480,
    CompletionWindowMinutes: 10_080,
  };
  return {
    ...SCOPE,
    planId,
    arn: `arn:aws:backup:us-east-1:123456789012:backup-plan:${planId}`,
    creatorRequestId: `request-${planId}`,
    createdAt,
    versionId: `${planId}-v1`,
    versionCreatedAt: createdAt,
    document: { BackupPlanName: name, Rules: [rule] },
  };
}

function cursor(planId: string, nextFireAt: number | undefined, ruleId = 'rule'): RuleCursor {
  const base = { ...SCOPE, planId, ruleId, decidedUntil: 10, anchorAt: 5 };
  return nextFireAt === undefined ? base : { ...base, nextFireAt };
}

forEachDatabase((_name, open) => {
  test('a plan comes back as it was written, with its tags and its first version', async (t) => {
    const tags = recordingTags();
    const plans = new CatalogBackupPlanStore(await open(t), tags);
    const plan = aPlan('p1', 100);
    await plans.create(plan, [cursor('p1', 200)], { team: 'blue' });
    assert.deepEqual(await plans.get(SCOPE, 'p1'), plan);
    assert.deepEqual(tags.stored.get(plan.arn), { team: 'blue' });
    assert.equal((await plans.getVersion('p1', 'p1-v1'))?.sequence, 1);
    assert.deepEqual(await plans.listCursors('p1'), [cursor('p1', 200)]);
    assert.equal(await plans.get({ ...SCOPE, region: 'eu-west-1' }, 'p1'), undefined);
  });

  test('plans of an organisation have names and a list of their own', async (t) => {
    const plans = new CatalogBackupPlanStore(await open(t), recordingTags());
    const managedBy = { organizationId: 'o-1', managementAccountId: '111111111111' };
    await plans.create(aPlan('p1', 100, 'same'), [], {});
    await plans.create({ ...aPlan('orgs/p2', 101, 'same'), managedBy }, [], {});
    await plans.create({ ...aPlan('orgs/p3', 102, 'other'), managedBy }, [], {});
    assert.equal((await plans.findLiveByName(SCOPE, 'same'))?.planId, 'p1');
    assert.equal(await plans.findLiveByName(SCOPE, 'other'), undefined);
    assert.deepEqual((await plans.findManagedByName(SCOPE, 'same'))?.managedBy, managedBy);
    const first = await plans.listManaged({ limit: 1 });
    assert.deepEqual([first.items[0]?.planId, first.nextKey !== undefined], ['orgs/p2', true]);
    await plans.markDeleted('orgs/p2', 150);
    assert.deepEqual(
      (await plans.listManaged({ limit: 5 })).items.map(({ planId }) => planId),
      ['orgs/p3'],
    );
    await plans.create({ ...aPlan('orgs/p4', 103, 'same'), managedBy }, [], {});
    await assert.rejects(plans.create({ ...aPlan('orgs/p5', 104, 'same'), managedBy }, [], {}));
  });

  test('live plans are found by name and request, deleted ones only when asked for', async (t) => {
    const plans = new CatalogBackupPlanStore(await open(t), recordingTags());
    await plans.create(aPlan('p1', 100, 'same'), [cursor('p1', 200)], {});
    await plans.markDeleted('p1', 150);
    await plans.create(aPlan('p2', 160, 'same'), [cursor('p2', 300)], {});
    assert.equal((await plans.findLiveByName(SCOPE, 'same'))?.planId, 'p2');
    assert.equal(await plans.findLiveByCreatorRequestId(SCOPE, 'request-p1'), undefined);
    assert.equal((await plans.findLiveByCreatorRequestId(SCOPE, 'request-p2'))?.planId, 'p2');
    assert.equal(await plans.countLive(SCOPE), 1);
    const all = await plans.list(SCOPE, { includeDeleted: true }, { limit: 10 });
    assert.deepEqual(
      all.items.map((plan) => [plan.planId, plan.deletedAt]),
      [
        ['p2', undefined],
        ['p1', 150],
      ],
    );
    assert.equal((await plans.list(SCOPE, { includeDeleted: false }, { limit: 10 })).items.length, 1);
    assert.deepEqual(await plans.listCursors('p1'), [], 'a deleted plan fires no more');
  });

  test('an update makes a version and replaces the cursors', async (t) => {
    const plans = new CatalogBackupPlanStore(await open(t), recordingTags());
    const plan = aPlan('p1', 100);
    await plans.create(plan, [cursor('p1', 200)], {});
    const document = { ...plan.document, BackupPlanName: 'renamed' };
    const next = { versionId: 'p1-v2', createdAt: 120, document, cursors: [cursor('p1', 400, 'other')] };
    await plans.addVersion('p1', next);
    const stored = await plans.get(SCOPE, 'p1');
    assert.deepEqual([stored?.versionId, stored?.document.BackupPlanName], ['p1-v2', 'renamed']);
    assert.deepEqual(await plans.listCursors('p1'), [cursor('p1', 400, 'other')]);
    const versions = await plans.listVersions('p1', { limit: 1 });
    assert.deepEqual(
      versions.items.map((version) => version.versionId),
      ['p1-v2'],
    );
    const rest = await plans.listVersions('p1', { limit: 1, afterKey: versions.nextKey ?? '' });
    assert.deepEqual([rest.items[0]?.versionId, rest.nextKey], ['p1-v1', undefined]);
    assert.equal(await plans.countVersions('p1'), 2);
  });

  test('due plans come earliest first and no more once their cursors moved on', async (t) => {
    const plans = new CatalogBackupPlanStore(await open(t), recordingTags());
    await plans.create(aPlan('p1', 100), [cursor('p1', 300), cursor('p1', 250, 'second')], {});
    await plans.create(aPlan('p2', 100), [cursor('p2', 200)], {});
    await plans.create(aPlan('p3', 100), [cursor('p3', undefined)], {});
    await plans.create(aPlan('p4', 100), [cursor('p4', 301)], {});
    const due = async (now: number) => (await plans.listDuePlans(now, 10)).map((plan) => plan.planId);
    assert.deepEqual(await due(199), []);
    assert.deepEqual(await due(300), ['p2', 'p1']);
    await plans.saveCursors([{ ...cursor('p2', 900), decidedUntil: 300 }]);
    assert.deepEqual(await due(300), ['p1']);
    assert.equal((await plans.listDuePlans(300, 1)).length, 1);
  });

  test('executions and missed occurrences are kept', async (t) => {
    const plans = new CatalogBackupPlanStore(await open(t), recordingTags());
    await plans.create(aPlan('p1', 100), [], {});
    await plans.recordExecution('p1', 555);
    assert.equal((await plans.get(SCOPE, 'p1'))?.lastExecutedAt, 555);
    const missed = { planId: 'p1', ruleId: 'rule', firstAt: 1, lastAt: 9, count: 3, recordedAt: 20 };
    await plans.recordMissed([missed]);
    assert.deepEqual((await plans.listMissed('p1', { limit: 10 })).items, [missed]);
  });

  test('selections come back in the order of evaluation and page newest first', async (t) => {
    const selections = new CatalogBackupSelectionStore(await open(t));
    for (const [selectionId, createdAt] of [
      ['b', 10],
      ['a', 10],
      ['c', 5],
    ] as const) {
      const document = { SelectionName: selectionId, IamRoleArn: 'arn:aws:iam::123456789012:role/r', Resources: ['*'] };
      await selections.create({ ...SCOPE, planId: 'p1', selectionId, createdAt, document });
    }
    const ids = (await selections.listOfPlan('p1')).map((entry) => entry.selectionId);
    assert.deepEqual(ids, ['c', 'a', 'b']);
    const page = await selections.list('p1', { limit: 2 });
    assert.deepEqual(
      page.items.map((entry) => entry.selectionId),
      ['b', 'a'],
    );
    assert.equal((await selections.get('p1', 'a'))?.document.SelectionName, 'a');
    assert.equal(await selections.remove('p1', 'a'), true);
    assert.equal(await selections.remove('p1', 'a'), false);
    assert.equal(await selections.get('other', 'b'), undefined);
  });
});
