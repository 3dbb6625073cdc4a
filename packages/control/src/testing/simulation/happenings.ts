import { chanceOf } from './random.ts';
import type { Scenario, SimulatedResource, Span } from './scenario.ts';

/** Facts of the simulated world that nobody decides: both the real code and the model ask here. */

export function isWithin(spans: readonly Span[], at: number): boolean {
  return spans.some((span) => at >= span.from && at < span.to);
}

export function isServerUp(scenario: Scenario, at: number): boolean {
  return !isWithin(scenario.serverOutages, at);
}

export function isRoleUsable(scenario: Scenario, at: number): boolean {
  return !isWithin(scenario.roleOutages, at);
}

export function exists(resource: SimulatedResource, at: number): boolean {
  return isWithin([resource.exists], at);
}

export function isReachable(resource: SimulatedResource, at: number): boolean {
  return exists(resource, at) && !isWithin(resource.outages, at);
}

/** One backup in thirty fails for a reason of its own. */
export function backupFails(resourceArn: string, scheduledAt: number): boolean {
  return chanceOf(`${resourceArn} ${scheduledAt}`) < 1 / 30;
}

/** The moment within eight hours after its expiry at which a recovery point goes. */
export function expiryDelayOf(vaultName: string, resourceArn: string, createdAt: number): number {
  return Math.floor(chanceOf(`${vaultName} ${resourceArn} ${createdAt}`) * 8 * 3_600_000);
}

/** What names a recovery point in both worlds. */
export function pointKey(vaultName: string, resourceArn: string, createdAt: number, origin: string): string {
  return `${vaultName} ${resourceArn} ${new Date(createdAt).toISOString()} ${origin}`;
}
