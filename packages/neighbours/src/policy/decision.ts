/** Which kind of policy decided. */
export type PolicyLayer =
  | 'identity-based policy'
  | 'resource-based policy'
  | 'permissions boundary'
  | 'session policy'
  | 'service control policy';

/** The statement that decided, so that a person can find and change it. */
export interface DecidingStatement {
  readonly layer: PolicyLayer;
  /** Name or ARN of the policy. */
  readonly policy: string;
  readonly sid: string | undefined;
  /** Position in the policy, from 0. */
  readonly index: number;
}

/** What the policies say about a request, and why. */
export type Decision =
  | { readonly outcome: 'allowed'; readonly by: DecidingStatement | 'account root' }
  | { readonly outcome: 'explicit-deny'; readonly by: DecidingStatement }
  /** No statement allows it in a layer that has to. */
  | { readonly outcome: 'implicit-deny'; readonly missing: PolicyLayer };

/** The reason of a refusal in AWS's words, to follow "… is not authorized to perform: … on resource: …". */
export function denialReason(decision: Exclude<Decision, { outcome: 'allowed' }>, action: string): string {
  if (decision.outcome === 'explicit-deny') {
    const article = /^[aeiou]/.test(decision.by.layer) ? 'an' : 'a';
    return `with an explicit deny in ${article} ${decision.by.layer}`;
  }
  return `because no ${decision.missing} allows the ${action} action`;
}
