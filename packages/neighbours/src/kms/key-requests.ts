import type { RequestContext } from '@holdfast/wire';
import { KeyAccess, type KeyQuestion, requestedAlias } from './key-access.ts';
import type { KeyRecord } from './key-records.ts';
import { keyArn, keyScope } from './key-store.ts';
import { invalidState, unsupported } from './kms-errors.ts';
import type { KmsPorts } from './kms-ports.ts';

/** The steps with which nearly every operation on a key begins: find it, ask whether the caller may. */
export class KeyRequests {
  readonly #ports: KmsPorts;
  readonly #access: KeyAccess;

  constructor(ports: KmsPorts) {
    this.#ports = ports;
    this.#access = new KeyAccess(ports.authorizer, ports.service.ring);
  }

  /** The key that a request names, once the caller is known to be allowed. @throws ServiceError */
  async authorized(context: RequestContext, keyId: string, question: KeyQuestion): Promise<KeyRecord> {
    const key = await this.#ports.service.ring.find(context, keyId, context.now);
    await this.check(context, key, { ...question, alias: requestedAlias(key, keyId) });
    return key;
  }

  /** @throws ServiceError AccessDeniedException */
  async check(context: RequestContext, key: KeyRecord, question: KeyQuestion): Promise<void> {
    await this.#access.check(context, key, question);
  }

  /** Changes a key in one transaction. `edit` gets the key as it is then. */
  async change(key: KeyRecord, edit: (key: KeyRecord) => KeyRecord): Promise<KeyRecord> {
    const { ring } = this.#ports.service;
    return await ring.store.transaction(async () => {
      const current = (await ring.store.keys.get(keyScope(key), key.keyId)) ?? key;
      const edited = edit(current);
      await ring.save(edited);
      return edited;
    });
  }
}

/** The default key belongs to the service (COPY-31): users can look at it and change nothing. */
export function checkManagedByCustomer(key: KeyRecord): void {
  if (key.manager === 'CUSTOMER') return;
  throw unsupported(`${keyArn(key, key.keyId)} is managed by the backup service and cannot be changed.`);
}

export function checkNotPendingDeletion(key: KeyRecord): void {
  if (key.state === 'PendingDeletion') throw invalidState(keyArn(key, key.keyId), 'pending deletion');
}
