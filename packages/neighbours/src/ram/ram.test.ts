import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as orgSdk from '@aws-sdk/client-organizations';
import * as sdk from '@aws-sdk/client-ram';
import * as stsSdk from '@aws-sdk/client-sts';
import { type TestNeighbours, testNeighbours } from '../testing/test-neighbours.ts';

const OWNER = '123456789012';
const VAULT = `arn:aws:backup:us-east-1:${OWNER}:backup-vault:air-gapped`;
let server: TestNeighbours;
let owner: sdk.RAMClient;
let organizations: orgSdk.OrganizationsClient;
let insider: string;
let outsider: string;

before(async () => {
  server = await testNeighbours({ isShareable: async (_account, arn) => arn.endsWith(':air-gapped') });
  owner = new sdk.RAMClient(server.config);
  organizations = new orgSdk.OrganizationsClient(server.config);
  await organizations.send(new orgSdk.CreateOrganizationCommand({}));
  const create = async (name: string): Promise<string> => {
    const made = await organizations.send(
      new orgSdk.CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }),
    );
    return made.CreateAccountStatus?.AccountId ?? '';
  };
  insider = await create('insider');
  outsider = await create('outsider');
  await organizations.send(new orgSdk.RemoveAccountFromOrganizationCommand({ AccountId: outsider }));
});
after(async () => {
  owner.destroy();
  organizations.destroy();
  await server[Symbol.asyncDispose]();
});

async function clientIn(accountId: string): Promise<sdk.RAMClient> {
  const sts = new stsSdk.STSClient(server.config);
  const RoleArn = `arn:aws:iam::${accountId}:role/OrganizationAccountAccessRole`;
  const { Credentials } = await sts.send(new stsSdk.AssumeRoleCommand({ RoleArn, RoleSessionName: 'admin' }));
  sts.destroy();
  return new sdk.RAMClient(server.as(Credentials ?? {}));
}

async function refusedWith(code: string, call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error: Error) => {
    assert.equal(error.name, code, error.message);
    return true;
  });
}

const sharedWith = (accountId: string) => server.neighbours.shareDirectory.resourcesSharedWith(accountId, 'us-east-1');

test('a share is made, filled, read, changed and deleted as Terraform does it', async () => {
  const { resourceShare } = await owner.send(
    new sdk.CreateResourceShareCommand({
      name: 'share',
      allowExternalPrincipals: false,
      tags: [{ key: 'a', value: 'b' }],
    }),
  );
  const resourceShareArn = resourceShare?.resourceShareArn ?? '';
  assert.equal(resourceShare?.status, 'ACTIVE');
  const associated = await owner.send(
    new sdk.AssociateResourceShareCommand({ resourceShareArn, resourceArns: [VAULT], principals: [insider] }),
  );
  assert.deepEqual(
    associated.resourceShareAssociations?.map((one) => [one.associatedEntity, one.status]),
    [
      [VAULT, 'ASSOCIATED'],
      [insider, 'ASSOCIATED'],
    ],
  );
  const read = await owner.send(
    new sdk.GetResourceSharesCommand({ resourceOwner: 'SELF', resourceShareArns: [resourceShareArn] }),
  );
  assert.deepEqual(
    read.resourceShares?.map((share) => [share.name, share.allowExternalPrincipals, share.tags]),
    [['share', false, [{ key: 'a', value: 'b' }]]],
  );
  const permissions = await owner.send(new sdk.ListResourceSharePermissionsCommand({ resourceShareArn }));
  assert.equal(permissions.permissions?.[0]?.resourceType, 'backup:BackupVault');
  const principals = await owner.send(
    new sdk.GetResourceShareAssociationsCommand({
      associationType: 'PRINCIPAL',
      resourceShareArns: [resourceShareArn],
    }),
  );
  assert.deepEqual(
    principals.resourceShareAssociations?.map((one) => one.associatedEntity),
    [insider],
  );
  assert.deepEqual(await sharedWith(insider), [VAULT]);
  const receiver = await clientIn(insider);
  const { resources } = await receiver.send(new sdk.ListResourcesCommand({ resourceOwner: 'OTHER-ACCOUNTS' }));
  assert.deepEqual(
    resources?.map((one) => one.arn),
    [VAULT],
  );
  receiver.destroy();

  await owner.send(new sdk.UpdateResourceShareCommand({ resourceShareArn, name: 'renamed' }));
  await owner.send(new sdk.DisassociateResourceShareCommand({ resourceShareArn, principals: [insider] }));
  assert.deepEqual(await sharedWith(insider), []);
  await owner.send(new sdk.AssociateResourceShareCommand({ resourceShareArn, principals: [insider] }));
  assert.deepEqual(await sharedWith(insider), [VAULT]);
  await owner.send(new sdk.DeleteResourceShareCommand({ resourceShareArn }));
  assert.deepEqual(await sharedWith(insider), []);
  const deleted = await owner.send(
    new sdk.GetResourceSharesCommand({ resourceOwner: 'SELF', resourceShareArns: [resourceShareArn] }),
  );
  assert.equal(deleted.resourceShares?.[0]?.status, 'DELETED');
  await refusedWith('UnknownResourceException', owner.send(new sdk.DeleteResourceShareCommand({ resourceShareArn })));
});

test('an account outside the organisation gets an invitation, and the vault once it has accepted', async () => {
  const create = (allowExternalPrincipals: boolean) =>
    owner.send(
      new sdk.CreateResourceShareCommand({
        name: 'x',
        allowExternalPrincipals,
        principals: [outsider],
        resourceArns: [VAULT],
      }),
    );
  await refusedWith('OperationNotPermittedException', create(false));
  const { resourceShare } = await create(true);
  assert.deepEqual(await sharedWith(outsider), []);
  const receiver = await clientIn(outsider);
  const { resourceShareInvitations } = await receiver.send(new sdk.GetResourceShareInvitationsCommand({}));
  const resourceShareInvitationArn = resourceShareInvitations?.[0]?.resourceShareInvitationArn;
  assert.equal(resourceShareInvitations?.[0]?.status, 'PENDING');
  await refusedWith(
    'ResourceShareInvitationArnNotFoundException',
    owner.send(new sdk.AcceptResourceShareInvitationCommand({ resourceShareInvitationArn })),
  );
  await receiver.send(new sdk.AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  await refusedWith(
    'ResourceShareInvitationAlreadyAcceptedException',
    receiver.send(new sdk.AcceptResourceShareInvitationCommand({ resourceShareInvitationArn })),
  );
  assert.deepEqual(await sharedWith(outsider), [VAULT]);
  assert.equal(await server.neighbours.shareDirectory.isSharedWith(outsider, VAULT), true);
  await owner.send(new sdk.DeleteResourceShareCommand({ resourceShareArn: resourceShare?.resourceShareArn }));
  receiver.destroy();
});

test('a share with the organisation reaches its accounts once sharing is switched on', async () => {
  const { Organization } = await organizations.send(new orgSdk.DescribeOrganizationCommand({}));
  const create = () =>
    owner.send(
      new sdk.CreateResourceShareCommand({ name: 'all', principals: [Organization?.Arn ?? ''], resourceArns: [VAULT] }),
    );
  await refusedWith('OperationNotPermittedException', create());
  await owner.send(new sdk.EnableSharingWithAwsOrganizationCommand({}));
  const { resourceShare } = await create();
  assert.deepEqual(await sharedWith(insider), [VAULT]);
  assert.deepEqual(await sharedWith(outsider), []);
  assert.deepEqual(await sharedWith(OWNER), [], 'one’s own vaults are not shared with oneself');
  await owner.send(new sdk.DeleteResourceShareCommand({ resourceShareArn: resourceShare?.resourceShareArn }));
});

test('only own air-gapped vaults can be shared', async () => {
  const create = (arn: string) => owner.send(new sdk.CreateResourceShareCommand({ name: 'x', resourceArns: [arn] }));
  await refusedWith('UnknownResourceException', create(VAULT.replace('air-gapped', 'plain')));
  await refusedWith('UnknownResourceException', create(VAULT.replace(OWNER, insider)));
  await refusedWith('InvalidParameterException', create('arn:aws:s3:::bucket'));
  await refusedWith('MalformedArnException', create('nonsense'));
});

test('a repeated request with the same token makes one share', async () => {
  const create = (name: string) => owner.send(new sdk.CreateResourceShareCommand({ name, clientToken: 'token-1' }));
  const first = await create('once');
  assert.equal((await create('once')).resourceShare?.resourceShareArn, first.resourceShare?.resourceShareArn);
  await refusedWith('IdempotentParameterMismatchException', create('twice'));
});
