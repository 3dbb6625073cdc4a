import type { Permission } from '@aws-sdk/client-s3';

export interface AclGrant {
  /** Canonical user, a group by its URI, or an e-mail address. */
  readonly kind: 'id' | 'uri' | 'email';
  readonly grantee: string;
  readonly permission: Permission;
}

export interface ObjectAcl {
  readonly owner: string;
  readonly grants: readonly AclGrant[];
}

const TAGS = { id: 'ID', uri: 'URI', email: 'EmailAddress' } as const;

/**
 * Reads the answer to `GET ?acl`.
 * @returns undefined for the list that every object has at first: its owner may do everything, nobody else anything
 */
export function parseAcl(xml: string): ObjectAcl | undefined {
  const owner = text(/<Owner>.*?<ID>([^<]*)<\/ID>/s.exec(xml)?.[1]);
  const grants: AclGrant[] = [];
  for (const [, body = ''] of xml.matchAll(/<Grant>(.*?)<\/Grant>/gs)) {
    const permission = text(/<Permission>([^<]*)<\/Permission>/.exec(body)?.[1]) as Permission;
    for (const kind of ['id', 'uri', 'email'] as const) {
      const grantee = new RegExp(`<${TAGS[kind]}>([^<]*)</${TAGS[kind]}>`).exec(body)?.[1];
      if (grantee !== undefined) grants.push({ kind, grantee: text(grantee), permission });
    }
  }
  const [only, ...more] = grants;
  const isPrivate = more.length === 0 && only?.permission === 'FULL_CONTROL' && only.grantee === owner;
  return isPrivate ? undefined : { owner, grants };
}

function text(escaped = ''): string {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return escaped.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '');
}
