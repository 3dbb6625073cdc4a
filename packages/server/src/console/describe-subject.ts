import { type IdentityStore, nameKey, type SessionRecord } from '@holdfast/neighbours';

/** The ARN of whom a session belongs to. */
export async function identityArnOf(
  identity: IdentityStore,
  { accountId, subject }: Pick<SessionRecord, 'accountId' | 'subject'>,
): Promise<string> {
  if (subject.type === 'root') return `arn:aws:iam::${accountId}:root`;
  if (subject.type === 'role') {
    return `arn:aws:sts::${accountId}:assumed-role/${subject.roleName}/${subject.sessionName}`;
  }
  const user = await identity.users.get(accountId, nameKey(subject.userName));
  return `arn:aws:iam::${accountId}:user${user?.path ?? '/'}${subject.userName}`;
}
