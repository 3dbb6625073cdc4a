/** What the installed connectors can do, and whether settings for a new source would work. */
import type { ConnectorDescriptor } from '@holdfast/connectors/sdk';
import { z } from 'zod';
import { invalidParameter } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import type { SourceRecord } from '../../sources/source-store.ts';
import type { AdminHandler, AdminOperations } from '../admin-service.ts';
import { answeringConnectorErrors } from '../connector-errors.ts';

const MOST_RESOURCES = 100;

/** ListConnectors: kinds of sources with the forms of their settings and of their restores. */
export function listConnectors(ports: ControlPorts): AdminHandler<'ListConnectors'> {
  return async () => ({ Connectors: ports.connectors.descriptors().map(presentConnector) });
}

type Connector = AdminOperations['ListConnectors']['output']['Connectors'][number];

function presentConnector(descriptor: ConnectorDescriptor): Connector {
  const { incremental, itemLevelRestore, continuous } = descriptor.abilities;
  return {
    Kind: descriptor.kind,
    Title: descriptor.title,
    ResourceTypes: [...descriptor.resourceTypes],
    Abilities: { Incremental: incremental, ItemLevelRestore: itemLevelRestore, Continuous: continuous !== undefined },
    SettingsSchema: z.toJSONSchema(descriptor.settings, { io: 'input', unrepresentable: 'any' }),
    RestoreFields: descriptor.restoreFields.map(({ name, required, description, values, defaultValue }) => ({
      Name: name,
      Required: required,
      Description: description,
      Values: values === undefined ? undefined : [...values],
      DefaultValue: defaultValue,
    })),
  };
}

/** CheckSettings: opens a source that is not kept, says whether it works, and shows the first of its resources. */
export function checkSettings(ports: ControlPorts): AdminHandler<'CheckSettings'> {
  return async (input, context) => {
    const given: unknown = input.Settings ?? {};
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw invalidParameter('Settings must be an object.', 'Settings');
    }
    return await answeringConnectorErrors(async () => {
      const settings = await ports.connectors.validateSettings(input.Kind, given as Record<string, unknown>);
      const { accountId, region } = context;
      const source: SourceRecord = {
        accountId,
        region,
        name: input.Name ?? 'check',
        kind: input.Kind,
        settings,
        tags: {},
        origin: 'api',
        createdAt: ports.clock.now(),
        status: 'unchecked',
      };
      await using connector = await ports.connectors.open(source);
      const findings = await connector.check(context.signal);
      const isUsable = findings.every(({ ok, advisory }) => ok || advisory === true);
      const found = [];
      if (isUsable) {
        for await (const resource of connector.discover(context.signal)) {
          if (found.length === MOST_RESOURCES) break;
          found.push({
            ResourceArn: resource.arn,
            ResourceType: resource.resourceType,
            Name: resource.name,
            Status: resource.status,
            StatusMessage: resource.statusMessage,
            SizeInBytes: resource.sizeBytes,
          });
        }
      }
      return {
        Findings: findings.map(({ what, ok, advisory, hint }) => ({
          What: what,
          Ok: ok,
          Advisory: advisory,
          Hint: hint,
        })),
        Resources: found,
      };
    });
  };
}
