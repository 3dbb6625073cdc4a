/** Which moment a restore from a continuous recovery point asks for, and whether it lies in the window. */
import type { ConnectorDescriptor } from '@holdfast/connectors/sdk';
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { ContinuousBackupRecord, ContinuousBase } from './continuous-backup-store.ts';
import { type RestorableWindow, restorableWindow } from './restorable-window.ts';

/** Keys that GetRecoveryPointRestoreMetadata adds for continuous recovery points; clients may send them back (RST-163). */
export const EARLIEST_KEY = 'EarliestRestorablePitrTimestamp';
export const LATEST_KEY = 'LatestRestorablePitrTimestamp';

/** The metadata of a restore as its connector knows it. */
export function withoutWindowKeys(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== EARLIEST_KEY && key !== LATEST_KEY));
}

export interface ContinuousState {
  readonly record: ContinuousBackupRecord;
  readonly bases: readonly ContinuousBase[];
  readonly window: RestorableWindow | undefined;
}

/** What stands behind a continuous recovery point; undefined for one of which the catalog knows no more. */
export async function continuousState(
  { stores, clock }: Pick<ControlPorts, 'stores' | 'clock'>,
  point: Pick<RecoveryPointRecord, 'vaultId' | 'arn'>,
): Promise<ContinuousState | undefined> {
  const record = await stores.continuousBackups.ofRecoveryPoint(point.vaultId, point.arn);
  if (record === undefined) return undefined;
  const bases = await stores.continuousBackups.bases(record.continuousId);
  return { record, bases, window: restorableWindow(record, bases, clock.now()) };
}

export type WantedTime = number | 'latest' | undefined;

/** @throws ConnectorError `invalid-request` */
export function wantedTime(
  descriptor: Pick<ConnectorDescriptor, 'restoreTime'>,
  metadata: Readonly<Record<string, string>>,
): WantedTime {
  return descriptor.restoreTime?.(withoutWindowKeys(metadata));
}

export type TimeDecision =
  | { readonly ok: true; readonly targetAt: number }
  | { readonly ok: false; readonly reason: string };

/** The moment to restore, or why it cannot be: every refusal names the window. Pure. */
export function decideTime(arn: string, wanted: WantedTime, window: RestorableWindow | undefined): TimeDecision {
  if (window === undefined) {
    return { ok: false, reason: `Nothing of ${arn} can be restored yet; its first backup is not complete.` };
  }
  const words = windowInWords(window);
  if (wanted === undefined) {
    return {
      ok: false,
      reason: `${arn} is a continuous backup: name the time to restore to, or the latest restorable time. ${words}`,
    };
  }
  if (wanted === 'latest') return { ok: true, targetAt: window.latestAt };
  if (wanted < window.earliestAt || wanted > window.latestAt) {
    return { ok: false, reason: `${arn} cannot be restored to ${iso(wanted)}. ${words}` };
  }
  const gap = window.gaps.find(({ fromAt, untilAt }) => wanted > fromAt && wanted < untilAt);
  if (gap === undefined) return { ok: true, targetAt: wanted };
  return {
    ok: false,
    reason:
      `${arn} cannot be restored to ${iso(wanted)}: its log is missing between ${iso(gap.fromAt)} and ` +
      `${iso(gap.untilAt)}. ${words}`,
  };
}

function windowInWords(window: RestorableWindow): string {
  const { earliestAt, latestAt, gaps } = wholeSeconds(window);
  const range = `It can be restored to any time from ${iso(earliestAt)} to ${iso(latestAt)}`;
  const holes = gaps.map(({ fromAt, untilAt }) => `${iso(fromAt)} to ${iso(untilAt)}`);
  return holes.length === 0 ? `${range}.` : `${range}, except ${holes.join(', ')}.`;
}

/** The window as it is shown: clients name seconds, and every second that they see can be restored. */
export function wholeSeconds({ earliestAt, latestAt, gaps }: RestorableWindow): RestorableWindow {
  return { earliestAt: Math.ceil(earliestAt / 1000) * 1000, latestAt: Math.floor(latestAt / 1000) * 1000, gaps };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
