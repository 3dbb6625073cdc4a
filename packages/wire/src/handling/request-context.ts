/** Who asks, and in which circumstances. Built by the wire after the signature has been verified. */

/** The identity behind an access key, in the words of CloudTrail's `userIdentity`. */
export interface Principal {
  readonly type: 'Root' | 'IAMUser' | 'AssumedRole' | 'FederatedUser';
  /** `arn:aws:iam::<account>:user/x`, `arn:aws:iam::<account>:root` or `arn:aws:sts::<account>:assumed-role/x/session`. */
  readonly arn: string;
  readonly accountId: string;
  /** The unique ID: `AIDA…` for a user, `AROA…:session` for an assumed role, the account ID for root. */
  readonly userId: string;
  /** For an assumed role: the role's own ARN. */
  readonly roleArn?: string;
  readonly sessionName?: string;
  /** A person who signed in to the console as this user; temporary credentials of theirs are as good as their keys. */
  readonly isSignedIn?: boolean;
  /** Session tags and the principal's own tags, as `aws:PrincipalTag/…` sees them. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Policies given with the session (AssumeRole's `Policy`), as JSON texts; they can only narrow. */
  readonly sessionPolicies?: readonly string[];
}

export interface RequestContext {
  /** UUID; the client sees it as `x-amzn-requestid`. */
  readonly requestId: string;
  /** The service's name, as in IAM actions: `backup`, `sts`, `iam`. */
  readonly service: string;
  /** Operation name: `CreateBackupVault`. */
  readonly operation: string;
  /** Account of the principal. */
  readonly accountId: string;
  /** Region of the credential scope. */
  readonly region: string;
  readonly principal: Principal;
  readonly accessKeyId: string;
  /** True when temporary credentials with a session token signed the request. */
  readonly isTemporary: boolean;
  /** Arrival of the request, ms since epoch, from the injected clock. */
  readonly now: number;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** True when the request came over TLS (`aws:SecureTransport`). */
  readonly isSecure: boolean;
  /** Fires when the client hangs up or the request's time is over. */
  readonly signal: AbortSignal;
}
