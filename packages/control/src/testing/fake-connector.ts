import { ConnectorError } from '@holdfast/connectors';
import type {
  BackupRequest,
  Connector,
  ConnectorDescriptor,
  DiscoveredResource,
  RestoreOutcome,
  RestoreRequest,
} from '@holdfast/connectors/sdk';
import type { ItemEntry } from '@holdfast/engine';
import { z } from 'zod';

/** What a fake file system holds: text by path, and the entries that go wrong. */
export interface FakeFileSystem {
  readonly resource: DiscoveredResource;
  readonly files: Readonly<Record<string, string>>;
  readonly issues?: readonly { path: string; code: string; message: string; dataMissing: boolean }[];
}

/** A connector over objects in memory, with switches for what may go wrong. */
export class FakeConnector {
  readonly systems = new Map<string, FakeFileSystem>();
  readonly released: boolean[] = [];
  readonly backups: BackupRequest[] = [];
  readonly restores: RestoreRequest[] = [];
  /** Thrown by the next calls of the named method. */
  readonly failures = new Map<'open' | 'discover' | 'openBackup' | 'restore', Error>();
  /** Called between entries, for tests that interfere while a backup runs. */
  betweenEntries: () => Promise<void> = async () => {};
  /** Called when all entries were delivered. */
  afterEntries: () => Promise<void> = async () => {};
  restoreIssue: { code: string; message: string; dataMissing: boolean } | undefined;
  openCount = 0;
  /** What restores made, as far as a test says so. */
  readonly restored = new Set<string>();

  put(system: FakeFileSystem): void {
    this.systems.set(system.resource.arn, system);
  }

  entriesOf(arn: string): AsyncIterable<ItemEntry> {
    const system = this.systems.get(arn);
    if (system === undefined) throw new Error(`no file system ${arn}`);
    return this.#entries(system);
  }

  readonly descriptor: ConnectorDescriptor = {
    kind: 'fake',
    title: 'Fake',
    resourceTypes: ['EFS'],
    abilities: { incremental: true, itemLevelRestore: true },
    settings: z.record(z.string(), z.unknown()),
    restoreFields: [],
    validateRestoreMetadata(metadata) {
      if ('newFileSystem' in metadata || 'file-system-id' in metadata) return;
      throw new ConnectorError('invalid-request', 'The metadata key newFileSystem is missing.');
    },
    open: async () => this.open(),
  };

  open(): Connector {
    this.#fail('open');
    this.openCount += 1;
    return {
      check: async () => [{ what: 'reachable', ok: true }],
      discover: () => this.#discover(),
      openBackup: async (request) => this.#openBackup(request),
      restore: async (request) => this.#restore(request),
      deleteRestored: async (arn) => {
        if (!this.restored.delete(arn)) throw new ConnectorError('denied', `No restore created ${arn}.`);
        this.systems.delete(arn);
      },
      [Symbol.asyncDispose]: async () => {
        this.openCount -= 1;
      },
    };
  }

  #fail(method: 'open' | 'discover' | 'openBackup' | 'restore'): void {
    const failure = this.failures.get(method);
    if (failure !== undefined) throw failure;
  }

  async *#discover(): AsyncGenerator<DiscoveredResource> {
    for (const { resource } of this.systems.values()) yield resource;
    this.#fail('discover');
  }

  #openBackup(request: BackupRequest) {
    this.#fail('openBackup');
    this.backups.push(request);
    const system = this.systems.get(request.resourceArn);
    if (system === undefined) throw new ConnectorError('not-found', `${request.resourceArn} is not here.`);
    return {
      kind: 'items' as const,
      restoreMetadata: { 'file-system-id': 'fs-1', Encrypted: 'true' },
      entries: () => this.#entries(system),
      state: async () => {
        await this.afterEntries();
        return new Uint8Array([this.backups.length]);
      },
      release: async ({ stored }: { stored: boolean }) => {
        this.released.push(stored);
      },
    };
  }

  async *#entries(system: FakeFileSystem): AsyncGenerator<ItemEntry> {
    yield { item: { path: new Uint8Array(), type: 'directory', sizeBytes: 0, metadata: {} } };
    for (const [name, text] of Object.entries(system.files)) {
      await this.betweenEntries();
      const bytes = Buffer.from(text);
      const path = Buffer.from(name);
      const content = { kind: 'inline', bytes } as const;
      yield { item: { path, type: 'file', sizeBytes: bytes.length, metadata: {}, content } };
    }
    for (const issue of system.issues ?? []) yield { issue: { ...issue, path: Buffer.from(issue.path) } };
  }

  async #restore(request: RestoreRequest): Promise<RestoreOutcome> {
    this.#fail('restore');
    this.restores.push(request);
    let bytes = 0;
    let items = 0;
    for await (const item of request.content.items()) {
      bytes += item.sizeBytes;
      items += 1;
      request.progress({ bytes, items });
    }
    if (this.restoreIssue !== undefined) request.issue({ ...this.restoreIssue, path: Buffer.from('lost') });
    const arn = 'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-restored';
    const resource = { arn, resourceType: 'EFS', name: 'restored', tags: {}, status: 'available' } as const;
    return { createdResourceArn: arn, resource };
  }
}
