import type {
  BackupRequest,
  BackupSession,
  Connector,
  ConnectorDescriptor,
  DiscoveredResource,
  ParentContent,
  RestoreOutcome,
  RestoreRequest,
} from '@holdfast/connectors/sdk';
import type { ItemEntry } from '@holdfast/engine';
import type { Clock } from '@holdfast/jobs';
import { z } from 'zod';
import { restoreTime, textOf } from './fake-point-in-time.ts';

export const BUCKET_ARN = 'arn:aws:s3:::photos';

interface Version {
  readonly at: number;
  readonly value: string;
}

/** A bucket in memory that forgets old versions at once: a connector of nature `versions` that needs its parent. */
export class FakeBucket {
  readonly #clock: Clock;
  /** The latest version of each key. */
  readonly #objects = new Map<string, Version>();
  readonly backups: BackupRequest[] = [];
  /** The states with which captures were ended. */
  readonly ended: (string | undefined)[] = [];
  restored: Readonly<Record<string, string>> | undefined;
  /** Thrown by the next calls of `openBackup`; of `continuous` only when a base is asked for. */
  readonly failures = new Map<'openBackup' | 'continuous', Error>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  put(key: string, value: string): void {
    this.#objects.set(key, { at: this.#clock.now(), value });
  }

  readonly descriptor: ConnectorDescriptor = {
    kind: 'fake-bucket',
    title: 'Fake bucket',
    resourceTypes: ['S3'],
    abilities: { incremental: true, itemLevelRestore: true, continuous: 'versions' },
    settings: z.record(z.string(), z.unknown()),
    restoreFields: [],
    validateRestoreMetadata() {},
    restoreTime,
    open: async () => this.open(),
  };

  open(): Connector {
    return {
      check: async () => [],
      discover: () => this.#discover(),
      openBackup: async (request) => this.#openBackup(request),
      endVersionCapture: async (_resourceArn, state) => {
        this.ended.push(state === undefined ? undefined : Buffer.from(state).toString());
      },
      restore: (request) => this.#restore(request),
      deleteRestored: async () => {},
      [Symbol.asyncDispose]: async () => {},
    };
  }

  async *#discover(): AsyncGenerator<DiscoveredResource> {
    yield { arn: BUCKET_ARN, resourceType: 'S3', name: 'photos', tags: { team: 'red' }, status: 'available' };
  }

  #openBackup(request: BackupRequest): BackupSession {
    const failure =
      this.failures.get('openBackup') ??
      (request.continuous === undefined ? undefined : this.failures.get('continuous'));
    if (failure !== undefined) throw failure;
    const count = this.backups.push(request);
    return {
      kind: 'items',
      restoreMetadata: {},
      consistentAt: this.#clock.now(),
      entries: () => this.#entries(request),
      state: async () => Buffer.from(`after backup ${count}`),
      release: async () => {},
    };
  }

  async *#entries({ continuous, parent }: BackupRequest): AsyncGenerator<ItemEntry> {
    for (const [key, version] of [...this.#objects].sort()) {
      const earlier = continuous === undefined ? [] : await historyOf(parent?.content, key);
      const history = [...earlier.filter(({ at }) => at !== version.at), version];
      const bytes = Buffer.from(JSON.stringify(withinWindow(history, continuous?.keepFromAt ?? 0)));
      const content = { kind: 'inline', bytes } as const;
      yield { item: { path: Buffer.from(key), type: 'object', sizeBytes: bytes.length, metadata: {}, content } };
    }
  }

  async #restore({ content, pointInTime }: RestoreRequest): Promise<RestoreOutcome> {
    const restored: Record<string, string> = {};
    for await (const { path } of content.items()) {
      const history = JSON.parse(await textOf(content.read(path))) as Version[];
      const wanted = history.findLast(({ at }) => at <= (pointInTime?.targetAt ?? Number.MAX_SAFE_INTEGER));
      if (wanted !== undefined) restored[Buffer.from(path).toString()] = wanted.value;
    }
    this.restored = restored;
    return { createdResourceArn: BUCKET_ARN };
  }
}

async function historyOf(parent: ParentContent | undefined, key: string): Promise<readonly Version[]> {
  const item = await parent?.item(Buffer.from(key));
  if (parent === undefined || item === undefined) return [];
  return JSON.parse(await textOf(parent.read(item.path))) as Version[];
}

/** What was replaced before the window began is in it no more. */
function withinWindow(history: readonly Version[], keepFromAt: number): readonly Version[] {
  return history.filter((_version, index) => (history[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= keepFromAt);
}
