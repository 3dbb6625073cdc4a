import type { TestContext } from 'node:test';
import type { ItemIssue, ItemRecord, Repository, SealedRecoveryPoint } from '@holdfast/engine';
import { engineContent, engineRepository } from '../../directory/testing/engine-fixture.ts';
import type { BackupSession, Connector, RestoreOutcome } from '../../sdk/v1/connector.ts';

/** What one backup left, as the service keeps it for the next one. */
export interface StoredBackup {
  readonly recoveryPointId: string;
  readonly sealed: SealedRecoveryPoint;
  readonly session: BackupSession;
  readonly state: Uint8Array | undefined;
}

export interface BackupOptions {
  readonly parent?: StoredBackup;
  readonly keepFromAt?: number;
  readonly signal?: AbortSignal;
}

export interface RestoreOptions {
  readonly targetAt?: number;
  readonly jobId?: string;
  readonly signal?: AbortSignal;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A vault of the real engine, with backups into it and restores out of it as the service makes them. */
export class TestVault {
  readonly #repository: Repository;
  #count = 0;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  static async make(t: TestContext): Promise<TestVault> {
    return new TestVault(await engineRepository(t));
  }

  async backUp(connector: Connector, resourceArn: string, options: BackupOptions = {}): Promise<StoredBackup> {
    const signal = options.signal ?? new AbortController().signal;
    const { parent, keepFromAt } = options;
    const reader = parent === undefined ? undefined : await this.#repository.openRecoveryPoint(parent.recoveryPointId);
    this.#count += 1;
    const recoveryPointId = `point-${this.#count}`;
    let session: BackupSession | undefined;
    let stored = false;
    try {
      session = await connector.openBackup({
        resourceArn,
        options: {},
        signal,
        ...(keepFromAt === undefined ? {} : { continuous: { keepFromAt } }),
        ...(reader === undefined
          ? {}
          : {
              parent: {
                recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:parent',
                content: engineContent(reader),
                ...(parent?.state === undefined ? {} : { state: parent.state }),
              },
            }),
      });
      const sealed = await this.#repository.backupItems({
        recoveryPointId,
        retention: {},
        facts: {},
        entries: session.entries(signal),
        signal,
        ...(parent === undefined ? {} : { parentId: parent.recoveryPointId }),
      });
      stored = true;
      return { recoveryPointId, sealed, session, state: await session.state?.() };
    } finally {
      await session?.release({ stored });
      await reader?.close();
    }
  }

  async itemsOf({ recoveryPointId }: StoredBackup): Promise<readonly ItemRecord[]> {
    await using reader = await this.#repository.openRecoveryPoint(recoveryPointId);
    const items: ItemRecord[] = [];
    for await (const item of reader.items()) items.push(item);
    return items;
  }

  async restore(
    connector: Connector,
    backup: StoredBackup,
    metadata: Readonly<Record<string, string>>,
    options: RestoreOptions = {},
  ): Promise<{ readonly outcome: RestoreOutcome; readonly issues: readonly ItemIssue[] }> {
    const issues: ItemIssue[] = [];
    const { targetAt, tags = {}, jobId = `job-${this.#count}-${JSON.stringify(metadata)}` } = options;
    await using reader = await this.#repository.openRecoveryPoint(backup.recoveryPointId);
    const outcome = await connector.restore({
      recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:1',
      sourceResourceArn: 'arn:aws:s3:::source',
      metadata: { ...backup.session.restoreMetadata, ...metadata },
      tags,
      content: engineContent(reader),
      ...(targetAt === undefined ? {} : { pointInTime: { targetAt } }),
      jobId,
      startedAt: Date.now(),
      signal: options.signal ?? new AbortController().signal,
      progress: () => undefined,
      issue: (issue) => issues.push(issue),
    });
    return { outcome, issues };
  }
}
