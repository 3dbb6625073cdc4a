import { ServiceError } from '@holdfast/wire';
import type { RandomBytes } from '../identity/entity-id.ts';
import { parseArn } from '../policy/arn.ts';
import type { EncryptionContext } from './encryption-context.ts';
import type { GrantRecord, KeyRecord } from './key-records.ts';
import type { KeyService } from './key-service.ts';
import { keyArn, keyScope } from './key-store.ts';

/** What a service uses a key for on behalf of its user, for as long as the user lets it. */
export interface ServiceGrant {
  readonly keyArn: string;
  readonly grantId: string;
}

/**
 * Keys that a service uses under a grant (IAM-1 to IAM-3, SEC-20 to SEC-22): made when the user names the key, visible in
 * `ListGrants`, revoked by the user at any time, retired by the service when it needs the key no more.
 */
export class ServiceGrants {
  readonly #service: KeyService;
  readonly #random: RandomBytes;
  /** For example `backup-gateway.amazonaws.com`. */
  readonly #principal: string;
  readonly #now: () => number;

  constructor(service: KeyService, random: RandomBytes, principal: string, now: () => number) {
    this.#service = service;
    this.#random = random;
    this.#principal = principal;
    this.#now = now;
  }

  /** @throws ServiceError when the key does not exist or cannot be used now */
  async create(arn: string, name: string, context: EncryptionContext): Promise<ServiceGrant> {
    const key = await this.#find(arn);
    this.#service.checkUsable(key);
    const grant: GrantRecord = {
      keyId: key.keyId,
      grantId: Buffer.from(this.#random(32)).toString('hex'),
      grantToken: Buffer.from(this.#random(96)).toString('base64url'),
      name,
      granteePrincipal: this.#principal,
      retiringPrincipal: this.#principal,
      issuingAccountArn: `arn:aws:iam::${key.accountId}:root`,
      operations: ['Encrypt', 'Decrypt', 'DescribeKey', 'RetireGrant'],
      encryptionContextSubset: context,
      createdAt: this.#now(),
    };
    await this.#service.ring.store.grants.put(keyScope(key), grantKey(key, grant.grantId), grant);
    return { keyArn: keyArn(key, key.keyId), grantId: grant.grantId };
  }

  /** @throws ServiceError AccessDeniedException once the grant is gone; those of `KeyService.encrypt` */
  async encrypt(grant: ServiceGrant, plain: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    return await this.#service.encrypt(await this.#granted(grant), plain, context);
  }

  /** @throws ServiceError AccessDeniedException once the grant is gone; those of `KeyService.decrypt` */
  async decrypt(grant: ServiceGrant, ciphertext: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    return await this.#service.decrypt(await this.#granted(grant), ciphertext, context);
  }

  /** Ends the grant; nothing happens when the user has revoked it before, or when the key is gone. */
  async retire({ keyArn: arn, grantId }: ServiceGrant): Promise<void> {
    const { accountId = '', region = '', resource = '' } = parseArn(arn) ?? {};
    const keyId = resource.replace('key/', '');
    await this.#service.ring.store.grants.delete(keyScope({ accountId, region }), grantKey({ keyId }, grantId));
  }

  async #granted({ keyArn: arn, grantId }: ServiceGrant): Promise<KeyRecord> {
    const key = await this.#find(arn);
    const grant = await this.#service.ring.store.grants.get(keyScope(key), grantKey(key, grantId));
    if (grant?.granteePrincipal === this.#principal) return key;
    throw new ServiceError(
      'AccessDeniedException',
      `${this.#principal} may not use ${arn} any more: its grant was revoked. Name the key again to grant it anew.`,
    );
  }

  async #find(arn: string): Promise<KeyRecord> {
    const { accountId = '', region = '' } = parseArn(arn) ?? {};
    return await this.#service.ring.find({ accountId, region }, arn, this.#now());
  }
}

function grantKey({ keyId }: Pick<KeyRecord, 'keyId'>, grantId: string): string {
  return `${keyId}/${grantId}`;
}
