/** The console's texts: one JSON file per area and language, loaded as one piece per language. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readPreference, writePreference } from '../components/preferences.ts';

export const LANGUAGES = { en: 'English', ja: '日本語' } as const;
export type Language = keyof typeof LANGUAGES;

const loaders: Readonly<Record<Language, () => Promise<{ texts: object }>>> = {
  en: () => import('./en.ts'),
  ja: () => import('./ja.ts'),
};

/** The viewer's choice, or what the browser prefers. */
export function preferredLanguage(): Language {
  const chosen = readPreference<string | undefined>('language', undefined) ?? window.navigator.language.slice(0, 2);
  return chosen in LANGUAGES ? (chosen as Language) : 'en';
}

/** Loads the texts of the viewer's language. */
export async function startTexts(): Promise<void> {
  const language = preferredLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    resources: { [language]: { translation: (await loaders[language]()).texts } },
  });
  document.documentElement.lang = language;
}

export async function changeLanguage(language: Language): Promise<void> {
  writePreference('language', language);
  i18next.addResourceBundle(language, 'translation', (await loaders[language]()).texts);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
