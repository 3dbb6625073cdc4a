const files = import.meta.glob<object>('./en/*.json', { eager: true, import: 'default' });

/** All texts of the language, by area. */
export const texts = Object.fromEntries(
  Object.entries(files).map(([file, content]) => [file.slice('./en/'.length, -'.json'.length), content]),
);
