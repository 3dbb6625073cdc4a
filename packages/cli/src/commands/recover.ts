import { type ConfigurationFlags, loadConfiguration } from '@holdfast/server/configuration';
import { printJson, printLine } from '../output.ts';

/** `holdfast recover`: exit code 1 when a vault could not be recovered, 3 when recovery points of one were unusable. */
export async function recover(flags: ConfigurationFlags & { readonly json?: boolean }): Promise<void> {
  const configuration = loadConfiguration(flags, process.env);
  const server = await import('@holdfast/server');
  const report = await server.recover(configuration, (vault) => {
    if (flags.json) return;
    const name = vault.vaultArn ?? `${vault.region} ${vault.accountId} ${vault.vaultId}`;
    if (vault.failure !== undefined) printLine(`FAIL  ${name}: ${vault.failure}`);
    else if (vault.vaultArn === undefined)
      printLine(`note  ${name}: holds no recovery point, so its name is not known`);
    else printLine(`ok    ${name}: ${vault.recoveryPoints} recovery points recovered, ${vault.known} known already`);
    if (vault.legalHolds > 0) printLine(`      ${vault.legalHolds} legal holds stand on them; their titles were lost`);
    for (const { name: object, reason, message } of vault.unusable) printLine(`      ${object}: ${reason}: ${message}`);
  });
  if (flags.json) printJson(report);
  else if (report.vaults.length === 0) printLine('no vault was found; is holdfast.yaml the one of the lost server?');
  else printLine('next: npm start; users, plans and vault settings lived in the catalog alone and must be made again');
  if (report.vaults.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
  else if (report.vaults.some(({ unusable }) => unusable.length > 0)) process.exitCode = 3;
}
