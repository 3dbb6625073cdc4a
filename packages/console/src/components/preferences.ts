/** Choices of the viewer that are no secrets, kept in the browser: language, theme, region, columns of tables. */
const PREFIX = 'holdfast:';

export function readPreference<T>(name: string, fallback: T): T {
  try {
    const text = window.localStorage.getItem(PREFIX + name);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    // Storage may be forbidden, or hold what an older version wrote: the fallback is as good.
    return fallback;
  }
}

export function writePreference(name: string, value: unknown): void {
  try {
    window.localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
