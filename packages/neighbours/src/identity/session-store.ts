import type { RecordCollection } from '../records/record-collection.ts';
import type { TagMap } from './identity-records.ts';

/** Temporary credentials as they are kept, in `GLOBAL_SCOPE` under their access key ID. */
export interface SessionRecord {
  /** `ASIA…` */
  readonly accessKeyId: string;
  readonly accountId: string;
  /** Secret access key and session token, sealed with the installation's master key. */
  readonly sealedSecret: string;
  readonly sealedToken: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly subject: SessionSubject;
}

export type SessionSubject =
  | {
      readonly type: 'role';
      readonly roleName: string;
      /** A role that was deleted and made again is another role: its old sessions end. */
      readonly roleId: string;
      readonly sessionName: string;
      /** Session policies as texts; absent when the session was made without any. */
      readonly sessionPolicies?: readonly string[] | undefined;
      /** Managed policies given as session policies; read anew at each use. */
      readonly sessionPolicyArns?: readonly string[] | undefined;
      readonly sessionTags: TagMap;
      readonly transitiveTagKeys: readonly string[];
    }
  | {
      readonly type: 'user';
      readonly userName: string;
      readonly userId: string;
      /** Made by signing in to the console, not by GetSessionToken. */
      readonly isSignedIn?: boolean;
    }
  | { readonly type: 'root' };

export type SessionStore = RecordCollection<SessionRecord>;
