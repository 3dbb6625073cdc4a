import { serviceCoverage } from '@holdfast/server';
import { printJson, printLine } from '../output.ts';

/** `holdfast api-coverage`: asks the handlers themselves, no server needed. */
export async function apiCoverage(flags: { readonly json?: boolean }): Promise<void> {
  const services = await serviceCoverage();
  if (flags.json) {
    printJson(services);
    return;
  }
  for (const { service, operations, handledCount } of services) {
    printLine(`${service}: ${handledCount} of ${operations.length} operations`);
    for (const { operation, isHandled } of operations) printLine(`  ${isHandled ? 'yes' : 'no '}  ${operation}`);
  }
}
