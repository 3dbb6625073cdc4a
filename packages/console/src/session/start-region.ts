import { readPreference } from '../components/preferences.ts';
import type { ConsoleSession } from './session-api.ts';

/** A link may name its region; otherwise it is the last one used. */
export function startRegion(session: ConsoleSession): string {
  const inLink = new URLSearchParams(window.location.search).get('region');
  const wanted = inLink ?? readPreference<string | undefined>('region', undefined);
  return wanted !== undefined && session.regions.includes(wanted) ? wanted : session.defaultRegion;
}
