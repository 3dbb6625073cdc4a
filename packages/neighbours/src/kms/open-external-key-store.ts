import { KMSClient } from '@aws-sdk/client-kms';
import { AwsKmsKeyStore } from './aws-kms-key-store.ts';
import type { ExternalKeyStore } from './external-key-store.ts';
import { TransitKeyStore, type TransitSettings } from './transit-key-store.ts';

export interface AwsKmsSettings {
  /** Name of this store in the configuration. */
  readonly id: string;
  readonly region: string;
  /** For a service other than Amazon's own. */
  readonly endpoint?: string | undefined;
  /** Without them, the SDK looks where it always looks (environment, profile, instance). */
  readonly accessKey?: { readonly accessKeyId: string; readonly secretAccessKey: () => Promise<string> } | undefined;
}

export type ExternalKeyStoreSettings =
  | ({ readonly kind: 'aws-kms' } & AwsKmsSettings)
  | ({ readonly kind: 'transit' } & TransitSettings);

/** How long one attempt at an external key service may take, ms. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Makes the external key store that settings describe. Nothing is asked of it yet. */
export function openExternalKeyStore(settings: ExternalKeyStoreSettings): ExternalKeyStore {
  if (settings.kind === 'transit') return new TransitKeyStore(settings);
  const { id, region, endpoint, accessKey } = settings;
  const client = new KMSClient({
    region,
    maxAttempts: 4,
    requestHandler: { requestTimeout: ANSWER_TIMEOUT_MS, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKey === undefined
      ? {}
      : {
          credentials: async () => ({
            accessKeyId: accessKey.accessKeyId,
            secretAccessKey: await accessKey.secretAccessKey(),
          }),
        }),
  });
  return new AwsKmsKeyStore(id, client);
}
