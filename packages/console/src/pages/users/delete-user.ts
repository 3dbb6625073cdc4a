import type { IAMClient } from '@aws-sdk/client-iam';

type Commands = typeof import('@aws-sdk/client-iam');

/** Takes everything away that hangs on a user, as IAM wants it, and then the user. */
export async function deleteUser(client: IAMClient, commands: Commands, UserName: string): Promise<void> {
  const { AccessKeyMetadata = [] } = await client.send(new commands.ListAccessKeysCommand({ UserName }));
  for (const { AccessKeyId } of AccessKeyMetadata) {
    await client.send(new commands.DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  }
  const { AttachedPolicies = [] } = await client.send(new commands.ListAttachedUserPoliciesCommand({ UserName }));
  for (const { PolicyArn } of AttachedPolicies) {
    await client.send(new commands.DetachUserPolicyCommand({ UserName, PolicyArn }));
  }
  const { PolicyNames = [] } = await client.send(new commands.ListUserPoliciesCommand({ UserName }));
  for (const PolicyName of PolicyNames) {
    await client.send(new commands.DeleteUserPolicyCommand({ UserName, PolicyName }));
  }
  const { Groups = [] } = await client.send(new commands.ListGroupsForUserCommand({ UserName }));
  for (const { GroupName } of Groups) {
    await client.send(new commands.RemoveUserFromGroupCommand({ UserName, GroupName }));
  }
  try {
    await client.send(new commands.DeleteLoginProfileCommand({ UserName }));
  } catch (error) {
    // A user without a password has no profile to delete.
    if (!(error instanceof Error && error.name === 'NoSuchEntityException')) throw error;
  }
  await client.send(new commands.DeleteUserCommand({ UserName }));
}
