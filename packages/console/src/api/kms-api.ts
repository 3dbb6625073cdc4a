/** The key service as the page about keys calls it. */
import { sessionStore } from '../session/session-store.ts';
import { signedPost } from './signed-post.ts';

export interface KeyMetadata {
  readonly KeyId: string;
  readonly Arn: string;
  readonly Description?: string;
  readonly KeyState: 'Enabled' | 'Disabled' | 'PendingDeletion' | string;
  readonly KeyManager: 'AWS' | 'CUSTOMER';
  /** Seconds since the epoch. */
  readonly CreationDate: number;
  readonly DeletionDate?: number;
}

export interface ListedKey extends KeyMetadata {
  readonly aliases: readonly string[];
}

export type KeyAction = 'EnableKey' | 'DisableKey' | 'CancelKeyDeletion';

class KmsError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

async function call<T>(region: string, operation: string, input: object): Promise<T> {
  const response = await signedPost({
    service: 'kms',
    region,
    credentials: await sessionStore.credentials(),
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` },
    body: JSON.stringify(input),
  });
  const answer = JSON.parse((await response.text()) || '{}') as { __type?: string; message?: string; Message?: string };
  if (response.ok) return answer as T;
  const code = (answer.__type ?? `Http${response.status}`).replace(/^.*#/, '');
  throw new KmsError(code, answer.message ?? answer.Message ?? code);
}

interface Aliases {
  readonly Aliases: readonly { readonly AliasName: string; readonly TargetKeyId?: string }[];
}

export const kmsApi = {
  /** One page of keys with what there is to know about each. */
  async list(region: string, marker: string | undefined, limit: number) {
    const [page, aliases] = await Promise.all([
      call<{ Keys: { KeyId: string }[]; NextMarker?: string }>(region, 'ListKeys', { Limit: limit, Marker: marker }),
      call<Aliases>(region, 'ListAliases', { Limit: 100 }),
    ]);
    const items = await Promise.all(
      page.Keys.map(async ({ KeyId }): Promise<ListedKey> => {
        const { KeyMetadata: key } = await call<{ KeyMetadata: KeyMetadata }>(region, 'DescribeKey', { KeyId });
        const own = aliases.Aliases.filter(({ TargetKeyId }) => TargetKeyId === KeyId);
        return { ...key, aliases: own.map(({ AliasName }) => AliasName) };
      }),
    );
    return { items, nextToken: page.NextMarker };
  },

  async create(region: string, description: string, alias: string): Promise<KeyMetadata> {
    const { KeyMetadata: key } = await call<{ KeyMetadata: KeyMetadata }>(region, 'CreateKey', {
      Description: description,
    });
    if (alias !== '') {
      await call(region, 'CreateAlias', { AliasName: `alias/${alias}`, TargetKeyId: key.KeyId });
    }
    return key;
  },

  change: (region: string, action: KeyAction, keyId: string) => call<object>(region, action, { KeyId: keyId }),

  scheduleDeletion: (region: string, keyId: string, days: number) =>
    call<object>(region, 'ScheduleKeyDeletion', { KeyId: keyId, PendingWindowInDays: days }),
};
