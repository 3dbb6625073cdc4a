import type { CreateAccountStatus } from '@aws-sdk/client-organizations';
import { type Handlers, type RequestContext, ServiceError } from '@holdfast/wire';
import { createMemberAccount } from '../identity/create-member-account.ts';
import { allRecords, GLOBAL_SCOPE } from '../records/record-collection.ts';
import { asAdministrator, asManagement, callerOrganization, findMember, isParent } from './caller-organization.ts';
import { describeMember } from './describe-organization.ts';
import { FULL_ACCESS_POLICY_ID } from './organization-arn.ts';
import { constraint, invalidInput, notFound } from './organization-errors.ts';
import { pageOf } from './organization-page.ts';
import type { OrganizationPorts } from './organization-ports.ts';
import type { MemberRecord, OrganizationRecord } from './organization-records.ts';
import { tagMap } from './organization-tags.ts';
import type { OrganizationOperations } from './organizations-definition.ts';

/** Accounts of an organisation. */
export function accountHandlers({ store, identity, random }: OrganizationPorts) {
  const members = async (organization: OrganizationRecord): Promise<MemberRecord[]> =>
    (await allRecords(store.members, GLOBAL_SCOPE)).filter(
      (member) => member.organizationId === organization.organizationId,
    );

  const remove = async (organization: OrganizationRecord, accountId: string): Promise<void> => {
    if (accountId === organization.managementAccountId) {
      throw new ServiceError(
        'MasterCannotLeaveOrganizationException',
        'The management account cannot leave its organization; delete the organization.',
      );
    }
    if (organization.delegatedAdministrators.some((one) => one.accountId === accountId)) {
      throw constraint(
        'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG',
        'Deregister the account as a delegated administrator first.',
      );
    }
    await store.transaction(async () => {
      await findMember(store, organization, accountId);
      await store.members.delete(GLOBAL_SCOPE, accountId);
      for (const policy of await allRecords(store.policies, organization.organizationId)) {
        if (!policy.targetIds.includes(accountId)) continue;
        const targetIds = policy.targetIds.filter((id) => id !== accountId);
        await store.policies.put(organization.organizationId, policy.policyId, { ...policy, targetIds });
      }
    });
  };

  return {
    /** The account exists at once, with a role for its administration and the default service role. */
    CreateAccount: async (input, context) => {
      const organization = await asManagement(store, context);
      const { AccountName: name, Email: email } = input;
      const createRequestId = `car-${Buffer.from(random(16)).toString('hex')}`;
      const member = await store.transaction(async () => {
        const accounts = await allRecords(identity.accounts, GLOBAL_SCOPE);
        if (accounts.some((account) => account.email.toLowerCase() === email.toLowerCase())) {
          throw new ServiceError('DuplicateAccountException', `An account with the email ${email} already exists.`);
        }
        const account = await createMemberAccount(
          { store: identity, random },
          {
            name,
            email,
            administrationRoleName: input.RoleName ?? 'OrganizationAccountAccessRole',
            managementAccountId: organization.managementAccountId,
            now: context.now,
          },
        );
        const record: MemberRecord = {
          accountId: account.accountId,
          organizationId: organization.organizationId,
          parentId: organization.rootId,
          name,
          email,
          joinedMethod: 'CREATED',
          joinedAt: context.now,
          tags: tagMap(input.Tags),
          createRequestId,
        };
        await store.members.put(GLOBAL_SCOPE, account.accountId, record);
        await attachFullAccess(store, organization, account.accountId);
        return record;
      });
      return { CreateAccountStatus: statusOf(member) };
    },

    DescribeCreateAccountStatus: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const member = (await members(organization)).find((one) => one.createRequestId === input.CreateAccountRequestId);
      if (member === undefined) {
        throw new ServiceError(
          'CreateAccountStatusNotFoundException',
          `There is no request ${input.CreateAccountRequestId}.`,
        );
      }
      return { CreateAccountStatus: statusOf(member) };
    },

    ListCreateAccountStatus: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const isWanted = input.States === undefined || input.States.includes('SUCCEEDED');
      const created = (await members(organization)).filter((one) => isWanted && one.createRequestId !== undefined);
      const page = pageOf(created, (one) => one.accountId, input);
      return { CreateAccountStatuses: page.items.map(statusOf), ...page.end };
    },

    DescribeAccount: async (input, context) => {
      const organization = await asAdministrator(store, context);
      return { Account: describeMember(organization, await findMember(store, organization, input.AccountId)) };
    },

    ListAccounts: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const page = pageOf(await members(organization), (one) => one.accountId, input);
      return { Accounts: page.items.map((one) => describeMember(organization, one)), ...page.end };
    },

    ListAccountsForParent: async (input, context) => {
      const organization = await asAdministrator(store, context);
      if (!(await isParent(store, organization, input.ParentId))) throw notFound('Parent', input.ParentId);
      const inside = (await members(organization)).filter((one) => one.parentId === input.ParentId);
      const page = pageOf(inside, (one) => one.accountId, input);
      return { Accounts: page.items.map((one) => describeMember(organization, one)), ...page.end };
    },

    MoveAccount: async (input, context) => {
      const organization = await asManagement(store, context);
      await store.transaction(async () => {
        const member = await findMember(store, organization, input.AccountId);
        if (member.parentId !== input.SourceParentId) throw notFound('SourceParent', input.SourceParentId);
        if (!(await isParent(store, organization, input.DestinationParentId))) {
          throw notFound('DestinationParent', input.DestinationParentId);
        }
        if (input.SourceParentId === input.DestinationParentId) {
          throw new ServiceError('DuplicateAccountException', 'The account is there already.');
        }
        await store.members.put(GLOBAL_SCOPE, member.accountId, { ...member, parentId: input.DestinationParentId });
      });
      return {};
    },

    RemoveAccountFromOrganization: async (input, context) => {
      await remove(await asManagement(store, context), input.AccountId);
      return {};
    },

    LeaveOrganization: async (_input, context) => {
      await remove(await callerOrganization(store, context), context.accountId);
      return {};
    },

    /** Brings an account of this installation in; see `inviteAccount`. */
    InviteAccountToOrganization: async (input, context) => ({
      Handshake: await inviteAccount(store, identity, random, input.Target, context),
    }),
  } satisfies Handlers<OrganizationOperations>;
}

/**
 * All accounts of an installation belong to one operator, so an invitation is accepted at once: the answer is a handshake
 * in its final state. Accounts elsewhere cannot be invited.
 */
async function inviteAccount(
  store: OrganizationPorts['store'],
  identity: OrganizationPorts['identity'],
  random: OrganizationPorts['random'],
  target: { readonly Id: string; readonly Type: string },
  context: RequestContext,
) {
  const organization = await asManagement(store, context);
  const accounts = await allRecords(identity.accounts, GLOBAL_SCOPE);
  const account = accounts.find(({ accountId, email }) => target.Id === (target.Type === 'EMAIL' ? email : accountId));
  if (account === undefined) {
    throw invalidInput(
      'INVALID_PARTY_TYPE_TARGET',
      `This installation has no account ${target.Id}; make it with CreateAccount.`,
    );
  }
  const { accountId, name, email } = account;
  const member: MemberRecord = {
    accountId,
    organizationId: organization.organizationId,
    parentId: organization.rootId,
    name,
    email,
    joinedMethod: 'INVITED',
    joinedAt: context.now,
    tags: {},
  };
  await store.transaction(async () => {
    if (!(await store.members.insert(GLOBAL_SCOPE, accountId, member))) {
      throw new ServiceError(
        'DuplicateHandshakeException',
        `The account ${accountId} is a member of an organization already.`,
      );
    }
    await attachFullAccess(store, organization, accountId);
  });
  const id = `h-${Buffer.from(random(8)).toString('hex')}`;
  const at = new Date(context.now);
  return {
    Id: id,
    Arn: `arn:aws:organizations::${organization.managementAccountId}:handshake/${organization.organizationId}/invite/${id}`,
    Parties: [
      { Id: organization.organizationId.slice(2), Type: 'ORGANIZATION' as const },
      { Id: accountId, Type: 'ACCOUNT' as const },
    ],
    State: 'ACCEPTED' as const,
    RequestedTimestamp: at,
    ExpirationTimestamp: at,
    Action: 'INVITE' as const,
  };
}

/** Every new target begins with the policy that allows all, as in AWS; otherwise it could do nothing. */
export async function attachFullAccess(
  store: OrganizationPorts['store'],
  { organizationId }: OrganizationRecord,
  targetId: string,
): Promise<void> {
  const policy = await store.policies.get(organizationId, FULL_ACCESS_POLICY_ID);
  if (policy === undefined || policy.targetIds.includes(targetId)) return;
  const targetIds = [...policy.targetIds, targetId];
  await store.policies.put(organizationId, FULL_ACCESS_POLICY_ID, { ...policy, targetIds });
}

function statusOf(member: MemberRecord): CreateAccountStatus {
  return {
    Id: member.createRequestId,
    AccountName: member.name,
    State: 'SUCCEEDED',
    RequestedTimestamp: new Date(member.joinedAt),
    CompletedTimestamp: new Date(member.joinedAt),
    AccountId: member.accountId,
  };
}
