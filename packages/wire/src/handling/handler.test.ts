import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boolean, label, list, operation, required, string, structure } from '../model/describe.ts';
import { defineService } from '../model/service.ts';
import { backup } from '../services/backup.ts';
import { sts } from '../services/sts.ts';
import { coverage, formatCoverage } from './coverage.ts';
import { type HandlerOf, type Handlers, implement } from './handler.ts';

const getBackupPlan: HandlerOf<typeof backup, 'GetBackupPlan'> = async (input) => ({
  BackupPlanId: input.BackupPlanId,
});

test('handlers are typed by the commands of the SDK, and required members are never undefined', () => {
  const implementation = implement(backup, {
    GetBackupPlan: getBackupPlan,
    CreateBackupPlan: async (input) => {
      const ruleName: string = input.BackupPlan.Rules[0]?.RuleName ?? '';
      return { BackupPlanId: ruleName, CreationDate: new Date(0) };
    },
    DeleteBackupVault: async () => ({}),
  });
  assert.deepEqual([...implementation.handlers.keys()], ['GetBackupPlan', 'CreateBackupPlan', 'DeleteBackupVault']);
});

test('a handler for an operation that does not exist is refused', () => {
  // @ts-expect-error the type refuses it too
  const handlers: Handlers<NonNullable<typeof sts.types>> = { GetCallerIdentities: async () => ({}) };
  assert.throws(() => implement(sts, handlers), /sts has no operation GetCallerIdentities/);
});

test('described operations give handlers their types', async () => {
  const input = structure('PingInput', { Name: label(string()), Loud: boolean() });
  const output = structure('PingOutput', { Words: required(list(string())) });
  const service = defineService({
    name: 'ping',
    protocols: ['restJson1'],
    apiVersion: '1',
    schemas: { Ping: operation('Ping', { http: ['GET', '/ping/{Name}', 200], input, output }) },
  });
  implement(service, { Ping: async ({ Name, Loud }) => ({ Words: [Loud === true ? Name.toUpperCase() : Name] }) });
  // @ts-expect-error the output lacks Words
  implement(service, { Ping: async () => ({}) });
});

test('coverage tells which operations have handlers', () => {
  const report = coverage(implement(sts, { GetCallerIdentity: async () => ({}) }));
  assert.equal(report.handledCount, 1);
  assert.match(formatCoverage(report), /^sts: 1 of \d+ operations\n/);
  assert.match(formatCoverage(report), / {2}yes {2}GetCallerIdentity/);
});
