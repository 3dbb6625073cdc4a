import { type Handlers, ServiceError } from '@holdfast/wire';
import { allRecords, everyRecord, GLOBAL_SCOPE } from '../records/record-collection.ts';
import {
  asAdministrator,
  asManagement,
  callerOrganization,
  changeOrganization,
  findMember,
} from './caller-organization.ts';
import { describeMember, describeOrganization, describeRoot } from './describe-organization.ts';
import { FULL_ACCESS_POLICY_ID } from './organization-arn.ts';
import { constraint, invalidInput } from './organization-errors.ts';
import { pageOf } from './organization-page.ts';
import { type OrganizationPorts, randomName } from './organization-ports.ts';
import type { OrganizationRecord } from './organization-records.ts';
import type { OrganizationOperations } from './organizations-definition.ts';

/** Delegated administrators that may be registered (ORG-24). */
const MOST_DELEGATED = 5;

/** The organisation itself: making it, trusted services, delegated administrators (ORG-10 to ORG-28). */
export function organizationHandlers({ store, identity, random }: OrganizationPorts) {
  return {
    CreateOrganization: async (input, context) => {
      if (input.FeatureSet === 'CONSOLIDATED_BILLING') {
        throw invalidInput(
          'INVALID_ENUM',
          'Organizations for billing alone are not supported here; use the feature set ALL.',
        );
      }
      const account = await identity.accounts.get(GLOBAL_SCOPE, context.accountId);
      const organization: OrganizationRecord = {
        organizationId: `o-${randomName(random, 10)}`,
        managementAccountId: context.accountId,
        rootId: `r-${randomName(random, 4)}`,
        enabledPolicyTypes: [],
        trustedServices: {},
        delegatedAdministrators: [],
        rootTags: {},
        createdAt: context.now,
      };
      const management = {
        accountId: context.accountId,
        organizationId: organization.organizationId,
        parentId: organization.rootId,
        name: account?.name ?? context.accountId,
        email: account?.email ?? '',
        joinedMethod: 'INVITED' as const,
        joinedAt: context.now,
        tags: {},
      };
      await store.transaction(async () => {
        if (!(await store.members.insert(GLOBAL_SCOPE, context.accountId, management))) {
          throw new ServiceError(
            'AlreadyInOrganizationException',
            'The AWS account is already a member of an organization.',
          );
        }
        await store.organizations.put(GLOBAL_SCOPE, organization.organizationId, organization);
        await store.policies.put(organization.organizationId, FULL_ACCESS_POLICY_ID, {
          policyId: FULL_ACCESS_POLICY_ID,
          organizationId: organization.organizationId,
          type: 'SERVICE_CONTROL_POLICY',
          name: 'FullAWSAccess',
          description: 'Allows access to every operation',
          content: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
          targetIds: [organization.rootId, context.accountId],
          tags: {},
        });
      });
      return { Organization: describeOrganization(organization, management) };
    },

    DescribeOrganization: async (_input, context) => {
      const organization = await callerOrganization(store, context);
      const management = await store.members.get(GLOBAL_SCOPE, organization.managementAccountId);
      return { Organization: describeOrganization(organization, management) };
    },

    DeleteOrganization: async (_input, context) => {
      const { organizationId, managementAccountId } = await asManagement(store, context);
      await store.transaction(async () => {
        for await (const member of everyRecord(store.members, GLOBAL_SCOPE)) {
          if (member.organizationId === organizationId && member.accountId !== managementAccountId) {
            throw new ServiceError(
              'OrganizationNotEmptyException',
              'To delete an organization, first remove all its other accounts.',
            );
          }
        }
        const units = await allRecords(store.units, organizationId);
        const policies = await allRecords(store.policies, organizationId);
        if (units.length > 0 || policies.some(({ policyId }) => policyId !== FULL_ACCESS_POLICY_ID)) {
          throw new ServiceError(
            'OrganizationNotEmptyException',
            'To delete an organization, first delete its units and policies.',
          );
        }
        await store.policies.delete(organizationId, FULL_ACCESS_POLICY_ID);
        await store.members.delete(GLOBAL_SCOPE, managementAccountId);
        await store.organizations.delete(GLOBAL_SCOPE, organizationId);
      });
      return {};
    },

    ListRoots: async (_input, context) => ({ Roots: [describeRoot(await asAdministrator(store, context))] }),

    EnableAWSServiceAccess: async (input, context) => {
      const organization = await asManagement(store, context);
      await changeOrganization(store, organization, (current) => ({
        ...current,
        trustedServices: { [input.ServicePrincipal]: context.now, ...current.trustedServices },
      }));
      return {};
    },

    DisableAWSServiceAccess: async (input, context) => {
      const organization = await asManagement(store, context);
      await changeOrganization(store, organization, (current) => {
        const { [input.ServicePrincipal]: _removed, ...trustedServices } = current.trustedServices;
        return { ...current, trustedServices };
      });
      return {};
    },

    ListAWSServiceAccessForOrganization: async (input, context) => {
      const { trustedServices } = await asAdministrator(store, context);
      const page = pageOf(Object.entries(trustedServices), ([principal]) => principal, input);
      const EnabledServicePrincipals = page.items.map(([ServicePrincipal, at]) => ({
        ServicePrincipal,
        DateEnabled: new Date(at),
      }));
      return { EnabledServicePrincipals, ...page.end };
    },

    RegisterDelegatedAdministrator: async (input, context) => {
      const organization = await asManagement(store, context);
      const { AccountId: accountId, ServicePrincipal: servicePrincipal } = input;
      await findMember(store, organization, accountId);
      if (accountId === organization.managementAccountId) {
        throw constraint(
          'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
          'You cannot register the management account as a delegated administrator.',
        );
      }
      await changeOrganization(store, organization, (current) => {
        const registered = current.delegatedAdministrators.filter((one) => one.servicePrincipal === servicePrincipal);
        if (registered.some((one) => one.accountId === accountId)) {
          throw new ServiceError(
            'AccountAlreadyRegisteredException',
            'The provided account is already a delegated administrator for your organization.',
          );
        }
        if (registered.length >= MOST_DELEGATED) {
          throw constraint(
            'MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED',
            `A service has at most ${MOST_DELEGATED} delegated administrators.`,
          );
        }
        const added = { accountId, servicePrincipal, enabledAt: context.now };
        return {
          ...current,
          // Registering needs trusted access and switches it on.
          trustedServices: { [servicePrincipal]: context.now, ...current.trustedServices },
          delegatedAdministrators: [...current.delegatedAdministrators, added],
        };
      });
      return {};
    },

    DeregisterDelegatedAdministrator: async (input, context) => {
      const organization = await asManagement(store, context);
      await changeOrganization(store, organization, (current) => {
        const delegatedAdministrators = current.delegatedAdministrators.filter(
          (one) => one.accountId !== input.AccountId || one.servicePrincipal !== input.ServicePrincipal,
        );
        if (delegatedAdministrators.length === current.delegatedAdministrators.length) {
          throw new ServiceError(
            'AccountNotRegisteredException',
            'The specified account is not a delegated administrator for this service.',
          );
        }
        return { ...current, delegatedAdministrators };
      });
      return {};
    },

    ListDelegatedAdministrators: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const wanted = organization.delegatedAdministrators.filter(
        (one) => input.ServicePrincipal === undefined || one.servicePrincipal === input.ServicePrincipal,
      );
      const firstOfAccount = new Map(wanted.toReversed().map((one) => [one.accountId, one]));
      const page = pageOf([...firstOfAccount.values()], (one) => one.accountId, input);
      const DelegatedAdministrators = await Promise.all(
        page.items.map(async (one) => ({
          ...describeMember(organization, await findMember(store, organization, one.accountId)),
          DelegationEnabledDate: new Date(one.enabledAt),
        })),
      );
      return { DelegatedAdministrators, ...page.end };
    },

    ListDelegatedServicesForAccount: async (input, context) => {
      const organization = await asAdministrator(store, context);
      await findMember(store, organization, input.AccountId);
      const wanted = organization.delegatedAdministrators.filter((one) => one.accountId === input.AccountId);
      if (wanted.length === 0) {
        throw new ServiceError(
          'AccountNotRegisteredException',
          'The specified account is not a delegated administrator.',
        );
      }
      const page = pageOf(wanted, (one) => one.servicePrincipal, input);
      const DelegatedServices = page.items.map((one) => ({
        ServicePrincipal: one.servicePrincipal,
        DelegationEnabledDate: new Date(one.enabledAt),
      }));
      return { DelegatedServices, ...page.end };
    },
  } satisfies Handlers<OrganizationOperations>;
}
