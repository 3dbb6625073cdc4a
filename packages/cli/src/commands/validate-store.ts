import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConfigurationFlags, loadConfiguration } from '@holdfast/server/configuration';
import { CommandError } from '../command-error.ts';
import { printJson, printLine } from '../output.ts';

const MARKS = { kept: 'ok   ', broken: 'FAIL ', 'not-applicable': '-    ' } as const;

/** `holdfast validate-store`: tries on a region's store all that the engine relies on. Exit code 1 when it fails. */
export async function validateStore(
  region: string,
  flags: ConfigurationFlags & { readonly json?: boolean },
): Promise<void> {
  const configuration = loadConfiguration(flags, process.env);
  const store = configuration.regions[region]?.store;
  if (store === undefined) {
    throw new CommandError(
      `${configuration.file ?? 'the configuration'} names no store for region ${region}; regions with one: ` +
        `${Object.keys(configuration.regions).join(', ') || 'none'}`,
    );
  }
  const server = await import('@holdfast/server');
  const report = await server.validateRegionStore(store, {
    prefix: `validate/${randomBytes(8).toString('hex')}`,
    now: Date.now,
    waitUntil: async (at) => {
      await sleep(Math.max(0, at - Date.now()));
    },
    onResult: ({ name, outcome, reason }) => {
      if (!flags.json) printLine(`${MARKS[outcome]} ${name}${reason === undefined ? '' : `: ${reason}`}`);
    },
  });
  if (flags.json) printJson(report);
  else {
    const { label, retention, retentionMessage, coldTier } = report.properties;
    printLine(`${report.ok ? 'fit to hold vaults' : 'NOT fit to hold vaults'}: ${label}`);
    printLine(
      `object lock: ${retention}${retentionMessage === undefined ? '' : ` (${retentionMessage})`}; cold tier: ${coldTier}`,
    );
    for (const key of report.leftBehind) printLine(`left behind, remove it by hand: ${key}`);
  }
  if (!report.ok) process.exitCode = 1;
}
