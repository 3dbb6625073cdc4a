import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useState } from 'react';
import { readPreference, writePreference } from '../components/preferences.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const PREFERS_DARK = '(prefers-color-scheme: dark)';

function apply(theme: Theme): void {
  const isDark = theme === 'dark' || (theme === 'system' && window.matchMedia(PREFERS_DARK).matches);
  applyMode(isDark ? Mode.Dark : Mode.Light);
  document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
}

/** Applies the viewer's theme, and follows the system when they leave it to the system. */
export function startTheme(): void {
  apply(readPreference<Theme>('theme', 'system'));
  window.matchMedia(PREFERS_DARK).addEventListener('change', () => apply(readPreference<Theme>('theme', 'system')));
}

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(() => readPreference<Theme>('theme', 'system'));
  return [
    theme,
    (next) => {
      writePreference('theme', next);
      apply(next);
      setTheme(next);
    },
  ];
}
