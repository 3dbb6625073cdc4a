/** Every operation answers every error that the SDK documents for it, through the SDK, against a whole server. */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BackupClient } from '@aws-sdk/client-backup';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { serviceCoverage } from '@holdfast/server';
import { type InProcessServer, inProcessServer } from '@holdfast/server/testing';
import type { OperationCases } from './case-forms.ts';
import { CANNOT_OCCUR, ERROR_CASES } from './error-cases.ts';
import { modelledErrors } from './modelled-errors.ts';
import { commandOf, commandWithout, errorOf } from './send.ts';
import { buildWorld, type World } from './world.ts';

const UNAVAILABLE = 'ServiceUnavailableException';
const CASES = Object.entries(ERROR_CASES) as [string, OperationCases<object>][];
/** Operations that look nothing up: only the loss of the identities stops them. */
const STATELESS = new Set([
  'GetSupportedResourceTypes',
  'ListBackupPlanTemplates',
  'GetBackupPlanFromTemplate',
  'GetBackupPlanFromJSON',
]);

test('the table has every operation that has a handler, and every error that the SDK documents for it', async () => {
  const backup = (await serviceCoverage()).find(({ service }) => service === 'backup');
  const handled = backup?.operations.filter(({ isHandled }) => isHandled).map(({ operation }) => operation) ?? [];
  assert.ok(handled.length > 60);
  assert.deepEqual(Object.keys(ERROR_CASES).sort(), [...handled].sort());
  const documented = handled.flatMap((operation) => modelledErrors(operation).map((error) => `${operation} ${error}`));
  const provoked = CASES.flatMap(([operation, { errors }]) =>
    [...Object.keys(errors), UNAVAILABLE].map((error) => `${operation} ${error}`),
  );
  assert.deepEqual(
    documented.filter((each) => !provoked.includes(each) && !(each in CANNOT_OCCUR)),
    [],
  );
  assert.deepEqual(
    Object.keys(CANNOT_OCCUR).filter((each) => provoked.includes(each) || !documented.includes(each)),
    [],
  );
  assert.deepEqual(
    provoked.filter((each) => !documented.includes(each)),
    [],
    'nothing undocumented is expected',
  );
});

describe('against a running server', () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-errors-'));
  let server: InProcessServer;
  let world: World;

  before(async () => {
    server = await inProcessServer(join(directory, 'data'));
    world = await buildWorld(server, directory);
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  for (const [operation, { good, errors }] of CASES) {
    for (const [name, provocation] of Object.entries(errors)) {
      test(`${operation} answers ${name}`, async () => {
        const restore = keepQuotas(world);
        if (operation === 'UpdateGlobalSettings' && name !== 'InvalidRequestException') await ensureOrganization(world);
        const input = good(world);
        const command =
          typeof provocation === 'function'
            ? commandOf(operation, { ...input, ...(await provocation(world)) })
            : commandWithout(operation, input, provocation.missing);
        const error = await errorOf(world.client, command);
        restore();
        assert.equal(error.name, name, error.message);
        assert.equal(error.$metadata.httpStatusCode, 400);
        assert.ok(error.message.length > 10, 'it says what is wrong');
      });
    }
  }

  test('every operation refuses who has no permission for it', async () => {
    const nobody = await nobodyOf(world);
    for (const [operation, { good }] of CASES) {
      const error = await errorOf(nobody, commandOf(operation, good(world)));
      assert.equal(error.name, 'AccessDeniedException', `${operation}: ${error.message}`);
      assert.equal(error.$metadata.httpStatusCode, 400, 'ERR-12');
      assert.match(error.message, new RegExp(`not authorized to perform: backup:${operation} `));
    }
    nobody.destroy();
  });

  test('without the catalog every operation answers that it is unavailable for now', async () => {
    const inputs = new Map(CASES.map(([operation, { good }]) => [operation, good(world)]));
    await world.server.loseCatalog('handlers');
    for (const [operation, input] of inputs) {
      if (!STATELESS.has(operation)) await unavailable(world, operation, input);
    }
    await world.server.loseCatalog('everything');
    for (const operation of STATELESS) await unavailable(world, operation, inputs.get(operation) ?? {});
  });
});

async function unavailable({ client }: World, operation: string, input: object): Promise<void> {
  const error = await errorOf(client, commandOf(operation, input));
  assert.equal(error.name, UNAVAILABLE, `${operation}: ${error.message}`);
  assert.equal(error.$metadata.httpStatusCode, 500, operation);
}

function keepQuotas({ server }: World): () => void {
  const { service, plans, legalHolds } = server.quotas;
  const kept = { service: { ...service }, plans: { ...plans } };
  return () => {
    Object.assign(service, kept.service);
    Object.assign(plans, kept.plans);
    server.quotas.legalHolds = legalHolds;
  };
}

let isInOrganization = false;

async function ensureOrganization({ server }: World): Promise<void> {
  if (isInOrganization) return;
  isInOrganization = true;
  const client = new OrganizationsClient(server.config);
  await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  client.destroy();
}

async function nobodyOf({ server }: World): Promise<BackupClient> {
  const iam = new IAMClient(server.config);
  await iam.send(new CreateUserCommand({ UserName: 'nobody' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'nobody' }));
  iam.destroy();
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {};
  return new BackupClient({ ...server.config, credentials: { accessKeyId, secretAccessKey } });
}
