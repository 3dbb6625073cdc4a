import { findManagedPolicy } from '../identity/find-policy.ts';
import { identityArn } from '../identity/identity-arn.ts';
import type { PolicyHolder } from '../identity/identity-records.ts';
import { findPolicy } from './find-identity.ts';
import { checkPolicyDocument, limitExceeded, noSuchEntity } from './iam-errors.ts';
import { type IamPageInput, pageEnd, pageOfList } from './iam-page.ts';
import type { IamPorts } from './iam-ports.ts';
import { checkName, pathPrefix } from './names.ts';
import type { HolderKind } from './policy-holder.ts';

const MOST_ATTACHED = 10;

interface AttachedListInput extends IamPageInput {
  readonly PathPrefix?: string | undefined;
}

/** Inline and attached policies of one kind of holder: what the operations on users, groups and roles share. */
export function holderPolicies<Holder extends PolicyHolder>({ store }: IamPorts, kind: HolderKind<Holder>) {
  const change = async (accountId: string, name: string, edit: (holder: Holder) => Holder): Promise<void> => {
    await store.transaction(async () => {
      const holder = await kind.find(store, accountId, name);
      kind.checkModifiable(holder);
      await kind.save(store, edit(holder));
    });
  };

  return {
    async putInline(accountId: string, name: string, policyName: string, document: string): Promise<object> {
      checkName('policyName', policyName, 128);
      checkPolicyDocument(document, 'identity', kind.quota);
      await change(accountId, name, (holder) => {
        const inlinePolicies = { ...holder.inlinePolicies, [policyName]: document };
        const total = Object.values(inlinePolicies).join('').replace(/\s/g, '').length;
        if (total > kind.quota) {
          throw limitExceeded(`Maximum policy size of ${kind.quota} bytes exceeded for ${name}`);
        }
        return { ...holder, inlinePolicies };
      });
      return {};
    },

    /** The document is percent-encoded, as the API says. */
    async getInline(accountId: string, name: string, policyName: string) {
      const holder = await kind.find(store, accountId, name);
      const document = holder.inlinePolicies[policyName];
      if (document === undefined) throw noPolicy(policyName);
      return { PolicyName: policyName, PolicyDocument: encodeURIComponent(document) };
    },

    async deleteInline(accountId: string, name: string, policyName: string): Promise<object> {
      await change(accountId, name, (holder) => {
        const { [policyName]: removed, ...inlinePolicies } = holder.inlinePolicies;
        if (removed === undefined) throw noPolicy(policyName);
        return { ...holder, inlinePolicies };
      });
      return {};
    },

    async listInline(accountId: string, name: string, input: IamPageInput) {
      const holder = await kind.find(store, accountId, name);
      const page = pageOfList(Object.keys(holder.inlinePolicies), input);
      return { PolicyNames: [...page.items], ...pageEnd(page) };
    },

    /** Attaching what is attached already changes nothing, as in AWS. */
    async attach(accountId: string, name: string, arn: string): Promise<object> {
      await store.transaction(async () => {
        await findPolicy(store, accountId, arn);
        await change(accountId, name, (holder) => withAttached(holder, arn));
      });
      return {};
    },

    async detach(accountId: string, name: string, arn: string): Promise<object> {
      await change(accountId, name, (holder) => {
        if (!holder.attachedPolicyArns.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
        return { ...holder, attachedPolicyArns: holder.attachedPolicyArns.filter((attached) => attached !== arn) };
      });
      return {};
    },

    async listAttached(accountId: string, name: string, input: AttachedListInput) {
      const holder = await kind.find(store, accountId, name);
      const prefix = pathPrefix(input.PathPrefix);
      const policies = await Promise.all(holder.attachedPolicyArns.map((arn) => findManagedPolicy(store, arn)));
      const wanted = policies.filter((policy) => policy?.path.startsWith(prefix) === true);
      const arns = wanted.flatMap((policy) =>
        policy === undefined ? [] : [identityArn('policy', policy.accountId, policy.path, policy.policyName)],
      );
      const page = pageOfList(arns, input);
      const AttachedPolicies = page.items.map((PolicyArn) => ({ PolicyName: PolicyArn.split('/').at(-1), PolicyArn }));
      return { AttachedPolicies, ...pageEnd(page) };
    },
  };
}

function noPolicy(policyName: string): Error {
  return noSuchEntity(`The policy with name ${policyName} cannot be found.`);
}

function withAttached<Holder extends PolicyHolder>(holder: Holder, arn: string): Holder {
  if (holder.attachedPolicyArns.includes(arn)) return holder;
  if (holder.attachedPolicyArns.length >= MOST_ATTACHED) {
    throw limitExceeded(`Cannot exceed quota for PoliciesPerEntity: ${MOST_ATTACHED}`);
  }
  return { ...holder, attachedPolicyArns: [...holder.attachedPolicyArns, arn] };
}
