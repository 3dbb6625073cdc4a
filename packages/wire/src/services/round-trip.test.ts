/** Every operation of every service, called through the SDK's own client with every member set, in both directions. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as backupSdk from '@aws-sdk/client-backup';
import * as iamSdk from '@aws-sdk/client-iam';
import * as stsSdk from '@aws-sdk/client-sts';
import type { AnyHandler } from '../handling/handler.ts';
import { type CompiledService, compileService } from '../model/compile-service.ts';
import type { Service } from '../model/service.ts';
import { sampleStructure } from '../testing/sample-values.ts';
import { testWire } from '../testing/test-wire.ts';
import { backup } from './backup.ts';
import { iam } from './iam.ts';
import { sts } from './sts.ts';

interface AnyClient {
  send(command: unknown): Promise<Record<string, unknown>>;
}
type Sdk = Readonly<Record<string, unknown>>;

const SERVICES: readonly [Service, Sdk, string][] = [
  [backup, backupSdk, 'BackupClient'],
  [sts, stsSdk, 'STSClient'],
  [iam, iamSdk, 'IAMClient'],
];

/** Operations whose SDK sends them unsigned; the wire refuses those. */
const UNSIGNED = new Set(['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'GetDelegatedAccessToken']);

function construct<T>(sdk: Sdk, name: string, argument: unknown): T {
  const Constructed = sdk[name] as new (argument: unknown) => T;
  return new Constructed(argument);
}

for (const [service, sdk, clientName] of SERVICES) {
  describe(service.name, () => {
    const compiled: CompiledService = compileService(service);
    const received = new Map<string, unknown>();
    const handlers = new Map<string, AnyHandler>();
    for (const operation of compiled.operations.values()) {
      handlers.set(operation.name, async (input) => {
        received.set(operation.name, input);
        return sampleStructure(operation.output);
      });
    }
    let wire: Awaited<ReturnType<typeof testWire>>;
    let client: AnyClient;
    before(async () => {
      wire = await testWire([{ service, handlers }]);
      client = construct<AnyClient>(sdk, clientName, wire.clientConfig);
    });
    test.after(() => wire[Symbol.asyncDispose]());

    for (const operation of compiled.operations.values()) {
      if (UNSIGNED.has(operation.name)) continue;
      test(`${operation.name} carries every member there and back`, async () => {
        const input = sampleStructure(operation.input);
        const command = construct(sdk, `${operation.name}Command`, input);
        const { $metadata, ...output } = await client.send(command).catch((error: unknown) => {
          throw new Error(`${String(error)} ${JSON.stringify(wire.logged)}`);
        });
        assert.deepEqual(received.get(operation.name), input);
        assert.deepEqual(output, sampleStructure(operation.output));
        assert.equal(($metadata as { httpStatusCode: number }).httpStatusCode, operation.successStatus);
        assert.match(($metadata as { requestId: string }).requestId, /^[0-9a-f-]{36}$/);
      });
    }

    test('the table of constraints names only structures and members that exist', () => {
      const missing: string[] = [];
      for (const [structure, members] of Object.entries(service.constraints?.members ?? {})) {
        const known = membersOf(compiled, structure);
        const names = Object.keys(members).filter((member) => known?.has(member) !== true);
        missing.push(...names.map((member) => `${structure}.${member}`));
      }
      assert.deepEqual(missing, []);
    });
  });
}

function membersOf(compiled: CompiledService, structure: string): Set<string> | undefined {
  const seen = new Set<unknown>();
  const queue: unknown[] = [...compiled.operations.values()].map(({ input }) => input);
  for (const item of queue) {
    if (typeof item !== 'object' || item === null || seen.has(item)) continue;
    seen.add(item);
    const shape = item as {
      kind?: string;
      name?: string;
      members?: { name: string; shape: unknown }[];
      item?: unknown;
      value?: unknown;
    };
    if (shape.name === structure) return new Set(shape.members?.map(({ name }) => name));
    queue.push(...(shape.members?.map((member) => member.shape) ?? []), shape.item, shape.value);
  }
  return undefined;
}
