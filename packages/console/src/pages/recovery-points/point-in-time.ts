/** Which moment of a continuous backup is wanted, in the words of the restore metadata. Pure. */
import type { RestoreField } from '../../api/admin-types.ts';
import type { RestoreValues } from './restore-fields.ts';

/** Moments within a window that cannot be restored; the two ends themselves can. ms since the epoch. */
export interface WindowGap {
  readonly fromAt: number;
  readonly untilAt: number;
}

/** Both ends can be restored; ms since the epoch, whole seconds. */
export interface RestorableWindow {
  readonly earliestAt: number;
  readonly latestAt: number;
  readonly gaps: readonly WindowGap[];
}

const EARLIEST = 'EarliestRestorablePitrTimestamp';
const LATEST = 'LatestRestorablePitrTimestamp';
const TIME = 'restoretime';
const USE_LATEST = 'uselatestrestorabletime';

/** The window that the restore metadata of a continuous recovery point names. */
export function restorableWindow(
  metadata: RestoreValues,
  gaps: readonly WindowGap[] = [],
): RestorableWindow | undefined {
  const earliestAt = Number(metadata[EARLIEST]);
  const latestAt = Number(metadata[LATEST]);
  return earliestAt <= latestAt ? { earliestAt, latestAt, gaps } : undefined;
}

/** Whether the moment lies in the window and in none of its gaps. */
export function isRestorable({ earliestAt, latestAt, gaps }: RestorableWindow, moment: number): boolean {
  if (moment < earliestAt || moment > latestAt) return false;
  return gaps.every(({ fromAt, untilAt }) => moment <= fromAt || moment >= untilAt);
}

/** The metadata without what only tells of the window. */
export function withoutWindow(metadata: RestoreValues): RestoreValues {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== EARLIEST && name !== LATEST));
}

/** `latest`, or a moment; undefined while what was typed is none that can be restored. */
export type WantedMoment = 'latest' | number | undefined;

/** Writes the wanted moment under the keys that the connector knows. */
export function withMoment(
  values: RestoreValues,
  fields: readonly RestoreField[],
  wanted: WantedMoment,
): RestoreValues {
  const named = (key: string): string | undefined => fields.find(({ Name }) => Name.toLowerCase() === key)?.Name;
  const [time, latest] = [named(TIME), named(USE_LATEST)];
  const rest = Object.fromEntries(
    Object.entries(values).filter(([name]) => ![TIME, USE_LATEST].includes(name.toLowerCase())),
  );
  if (wanted === undefined) return rest;
  if (wanted !== 'latest') return time === undefined ? rest : { ...rest, [time]: new Date(wanted).toISOString() };
  if (latest !== undefined) return { ...rest, [latest]: 'true' };
  return time === undefined ? rest : { ...rest, [time]: 'latest' };
}

/** Keys that the timeline asks for. */
export function isMomentKey(name: string): boolean {
  return [TIME, USE_LATEST, EARLIEST.toLowerCase(), LATEST.toLowerCase()].includes(name.toLowerCase());
}

/** Date and time of a moment as the viewer's clock shows them: `2024-05-01`, `10:00:00`. */
export function localParts(at: number): { readonly date: string; readonly time: string } {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
  return { date: local.slice(0, 10), time: local.slice(11, 19) };
}

/** The moment that the viewer's clock shows so; undefined while it is not complete. */
export function momentOf({ date, time }: { readonly date: string; readonly time: string }): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}:\d{2}$/.test(time)) return undefined;
  const at = new Date(`${date}T${time}`).getTime();
  return Number.isNaN(at) ? undefined : at;
}
