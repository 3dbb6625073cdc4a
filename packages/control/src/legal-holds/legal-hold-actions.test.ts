import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRecoveryPoint, aVault, type PlanWorld, planWorld, SCOPE } from '../plans/testing/plan-world.ts';
import { serviceErrorOf } from '../testing/service-error-of.ts';
import { enforceLegalHolds } from './enforce-legal-hold.ts';

const NOW = Date.UTC(2024, 5, 1);
const DAY = 86_400_000;
const VAULT = aVault('evidence');
const OTHER = aVault('other');
type Request = Parameters<PlanWorld['handlers']['CreateLegalHold']>[0];

async function aWorld(): Promise<PlanWorld> {
  const world = planWorld(NOW);
  const points = [
    aRecoveryPoint('old', VAULT, { createdAt: NOW - 10 * DAY }),
    aRecoveryPoint('new', VAULT, {
      createdAt: NOW - 1 * DAY,
      resourceType: 'EBS',
      resourceArn: 'arn:aws:ec2:us-east-1:123456789012:volume/v',
    }),
    aRecoveryPoint('gone', VAULT, { createdAt: NOW - 1 * DAY, status: 'DELETING' }),
    aRecoveryPoint('late', VAULT, { createdAt: NOW - 1 * DAY, status: 'EXPIRED' }),
    aRecoveryPoint('elsewhere', OTHER, { createdAt: NOW - 1 * DAY }),
  ];
  for (const recoveryPoint of points) await world.stores.recoveryPoints.commit({ recoveryPoint, tags: {} });
  return world;
}

function create(world: PlanWorld, selection: Request['RecoveryPointSelection'], members: Partial<Request> = {}) {
  const request: Request = { Title: 'case 7', Description: 'because', RecoveryPointSelection: selection, ...members };
  return world.handlers.CreateLegalHold(request, world.context());
}

async function held(world: PlanWorld, LegalHoldId = ''): Promise<(string | undefined)[]> {
  const list = await world.handlers.ListRecoveryPointsByLegalHold({ LegalHoldId }, world.context());
  return (list.RecoveryPoints ?? []).map((point) => point.RecoveryPointArn?.split(':').at(-1));
}

test('a hold by vault takes in what is there, not what is being deleted or expired (HOLD-12)', async () => {
  const world = await aWorld();
  const hold = await create(world, { VaultNames: ['evidence'] });
  assert.equal(hold.Status, 'ACTIVE');
  assert.match(hold.LegalHoldArn ?? '', /^arn:aws:backup:us-east-1:123456789012:legal-hold:/);
  assert.deepEqual(await held(world, hold.LegalHoldId), ['new', 'old']);
  await world.stores.recoveryPoints.commit({
    recoveryPoint: aRecoveryPoint('later', VAULT, { createdAt: NOW }),
    tags: {},
  });
  assert.deepEqual(await held(world, hold.LegalHoldId), ['new', 'old'], 'no later ones');
});

test('a hold by resource, by type and by dates', async () => {
  const world = await aWorld();
  const byType = await create(world, { ResourceIdentifiers: ['ebs'] });
  assert.deepEqual(await held(world, byType.LegalHoldId), ['new']);
  const byArn = await create(world, { ResourceIdentifiers: ['arn:aws:ec2:us-east-1:123456789012:volume/v'] });
  assert.deepEqual(await held(world, byArn.LegalHoldId), ['new']);
  const DateRange = { FromDate: new Date(NOW - 10 * DAY), ToDate: new Date(NOW - 2 * DAY) };
  const byDate = await create(world, { DateRange });
  assert.deepEqual(await held(world, byDate.LegalHoldId), ['old'], 'both ends inclusive');
  assert.deepEqual(byDate.RecoveryPointSelection?.DateRange, DateRange);
});

test('what a hold must say, and what it must not', async () => {
  const world = await aWorld();
  const code = 'InvalidParameterValueException';
  await serviceErrorOf(create(world, undefined), code, /must name vaults, resources or a date range/);
  await serviceErrorOf(create(world, { VaultNames: [], ResourceIdentifiers: [] }), code);
  await serviceErrorOf(create(world, { VaultNames: ['a'], ResourceIdentifiers: ['EBS'] }), code, /not both/);
  await serviceErrorOf(create(world, { ResourceIdentifiers: ['arn:nonsense'] }), code);
  const future = { FromDate: new Date(NOW - DAY), ToDate: new Date(NOW + 1) };
  await serviceErrorOf(create(world, { DateRange: future }), code, /future/);
  const backwards = { FromDate: new Date(NOW), ToDate: new Date(NOW - DAY) };
  await serviceErrorOf(create(world, { DateRange: backwards }), code, /after ToDate/);
  const vaults = { VaultNames: ['evidence'] };
  await serviceErrorOf(create(world, vaults, { Title: ' ' }), 'MissingParameterValueException', /Title/);
  await serviceErrorOf(create(world, vaults, { Description: '' }), 'MissingParameterValueException', /Description/);
  await serviceErrorOf(create(world, vaults, { Description: 'x'.repeat(281) }), code, /280/);
});

test('the same token makes one hold', async () => {
  const world = await aWorld();
  const request = { IdempotencyToken: 'token' };
  const first = await create(world, { VaultNames: ['evidence'] }, request);
  assert.deepEqual(await create(world, { VaultNames: ['evidence'] }, request), first);
  const list = await world.handlers.ListLegalHolds({}, world.context());
  assert.equal(list.LegalHolds?.length, 1);
  await serviceErrorOf(create(world, { VaultNames: ['other'] }, request), 'InvalidParameterValueException', /token/i);
});

test('an account has as many active holds as its quota; a cancelled one makes room', async () => {
  const world = await aWorld();
  Object.assign(world.ports, { legalHoldsPerAccount: 1 });
  const first = await create(world, { VaultNames: ['evidence'] });
  await serviceErrorOf(create(world, { VaultNames: ['other'] }), 'LimitExceededException');
  const request = { LegalHoldId: first.LegalHoldId ?? '', CancelDescription: 'over' };
  await world.handlers.CancelLegalHold(request, world.context());
  await create(world, { VaultNames: ['other'] });
});

test('a recovery point is free when the last of its holds is cancelled', async () => {
  const world = await aWorld();
  const first = await create(world, { VaultNames: ['evidence'] });
  const second = await create(world, { ResourceIdentifiers: ['EBS'] });
  const point = await world.stores.recoveryPoints.get(VAULT.vaultId, aRecoveryPoint('new', VAULT).arn);
  assert.ok(point);
  assert.equal((await world.ports.holds.holdsOn(point)).length, 2);
  const cancel = (LegalHoldId = '') =>
    world.handlers.CancelLegalHold({ LegalHoldId, CancelDescription: 'case closed' }, world.context());
  await cancel(first.LegalHoldId);
  assert.equal((await world.ports.holds.holdsOn(point)).length, 1);
  await cancel(second.LegalHoldId);
  assert.deepEqual(await world.ports.holds.holdsOn(point), []);
});

test('a cancelled hold shows why and until when its record is kept, then it is gone', async () => {
  const world = await aWorld();
  const { LegalHoldId = '' } = await create(world, { VaultNames: ['evidence'] });
  const request = { LegalHoldId, CancelDescription: 'case closed' };
  await world.handlers.CancelLegalHold(request, world.context());
  const got = await world.handlers.GetLegalHold({ LegalHoldId }, world.context());
  assert.equal(got.Status, 'CANCELED');
  assert.equal(got.CancelDescription, 'case closed');
  assert.deepEqual(got.CancellationDate, new Date(NOW));
  assert.deepEqual(got.RetainRecordUntil, new Date(NOW + 180 * DAY));
  const again = world.handlers.CancelLegalHold(request, world.context());
  await serviceErrorOf(again, 'InvalidResourceStateException', /CANCELED/);
  await world.clock.advance(180 * DAY);
  await serviceErrorOf(world.handlers.GetLegalHold({ LegalHoldId }, world.context()), 'ResourceNotFoundException');
  assert.equal(await world.legalHolds.purge(world.clock.now()), 1);
});

test('cancelling asks for a reason and a sensible time', async () => {
  const world = await aWorld();
  const { LegalHoldId = '' } = await create(world, { VaultNames: ['evidence'] });
  const cancel = (CancelDescription: string, RetainRecordInDays?: number) =>
    world.handlers.CancelLegalHold(
      { LegalHoldId, CancelDescription, ...(RetainRecordInDays === undefined ? {} : { RetainRecordInDays }) },
      world.context(),
    );
  await serviceErrorOf(cancel(''), 'MissingParameterValueException');
  await serviceErrorOf(cancel('x'.repeat(281)), 'InvalidParameterValueException');
  await serviceErrorOf(cancel('x', -1), 'InvalidParameterValueException');
  const { handlers } = world;
  const unknown = { LegalHoldId: 'nope', CancelDescription: 'x' };
  await serviceErrorOf(handlers.CancelLegalHold(unknown, world.context()), 'ResourceNotFoundException');
  await serviceErrorOf(handlers.GetLegalHold({ LegalHoldId: 'nope' }, world.context()), 'ResourceNotFoundException');
  const list = handlers.ListRecoveryPointsByLegalHold({ LegalHoldId: 'nope' }, world.context());
  await serviceErrorOf(list, 'InvalidParameterValueException');
});

test('holds carry tags', async () => {
  const world = await aWorld();
  const { LegalHoldArn = '' } = await create(world, { VaultNames: ['evidence'] }, { Tags: { case: '7' } });
  const tags = await world.stores.tags.list(SCOPE.accountId, LegalHoldArn, { limit: 10 });
  assert.deepEqual(tags.items, [{ key: 'case', value: '7' }]);
});

test('the engine holds what a hold took in, except continuous backups, until the hold is cancelled', async () => {
  const world = await aWorld();
  const continuous = aRecoveryPoint('continuous', VAULT, { createdAt: NOW - DAY, isContinuous: true });
  await world.stores.recoveryPoints.commit({ recoveryPoint: continuous, tags: {} });
  const hold = await create(world, { VaultNames: ['evidence'] });
  const { LegalHoldId = '', LegalHoldArn = '' } = hold;
  assert.deepEqual([...world.engineHolds].sort(), [`new ${LegalHoldArn}`, `old ${LegalHoldArn}`]);
  const second = await create(world, { ResourceIdentifiers: ['EBS'] });
  await world.handlers.CancelLegalHold({ LegalHoldId, CancelDescription: 'closed' }, world.context());
  assert.deepEqual([...world.engineHolds], [`new ${second.LegalHoldArn}`]);
});

test('a hold whose vault cannot be reached is CREATING, holds already, and comes into force later', async () => {
  const world = await aWorld();
  world.switches.storeFailure = new Error('the store is away');
  const { LegalHoldId = '', Status } = await create(world, { VaultNames: ['evidence'] });
  assert.equal(Status, 'CREATING');
  const point = await world.stores.recoveryPoints.get(VAULT.vaultId, aRecoveryPoint('new', VAULT).arn);
  assert.ok(point);
  assert.equal((await world.ports.holds.holdsOn(point)).length, 1);
  const cancel = () => world.handlers.CancelLegalHold({ LegalHoldId, CancelDescription: 'closed' }, world.context());
  await serviceErrorOf(cancel(), 'InvalidResourceStateException', /CREATING/);
  await enforceLegalHolds(world.ports);
  const status = async () => (await world.handlers.GetLegalHold({ LegalHoldId }, world.context())).Status;
  assert.equal(await status(), 'CREATING');
  world.switches.storeFailure = undefined;
  await enforceLegalHolds(world.ports);
  assert.deepEqual([await status(), world.engineHolds.size], ['ACTIVE', 2]);
});

test('a large hold is brought into force in the background', async () => {
  const world = await aWorld();
  for (let index = 0; index < 700; index += 1) {
    const recoveryPoint = aRecoveryPoint(`more-${index}`, VAULT, { createdAt: NOW - DAY });
    await world.stores.recoveryPoints.commit({ recoveryPoint, tags: {} });
  }
  const { LegalHoldId = '', Status } = await create(world, { VaultNames: ['evidence'] });
  assert.equal(Status, 'CREATING');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await world.handlers.GetLegalHold({ LegalHoldId }, world.context())).Status, 'ACTIVE');
  assert.equal(world.engineHolds.size, 702);
});
