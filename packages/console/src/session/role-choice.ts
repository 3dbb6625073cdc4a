/** Which role this tab acts with, and the ones used lately. Names only: credentials are never kept anywhere. */
import { readPreference, writePreference } from '../components/preferences.ts';

const KEY = 'holdfast:role';
const RECENT = 'roles';
const MOST_RECENT = 5;

/** The role that this tab acts with, also after a reload. */
export function chosenRole(): string | undefined {
  return window.sessionStorage.getItem(KEY) ?? undefined;
}

export function chooseRole(roleArn: string): void {
  window.sessionStorage.setItem(KEY, roleArn);
  writePreference(RECENT, [roleArn, ...recentRoles().filter((each) => each !== roleArn)].slice(0, MOST_RECENT));
}

export function forgetRole(): void {
  window.sessionStorage.removeItem(KEY);
}

/** Newest first. */
export function recentRoles(): readonly string[] {
  return readPreference<readonly string[]>(RECENT, []);
}
