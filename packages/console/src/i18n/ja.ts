const files = import.meta.glob<object>('./ja/*.json', { eager: true, import: 'default' });

/** All texts of the language, by area. */
export const texts = Object.fromEntries(
  Object.entries(files).map(([file, content]) => [file.slice('./ja/'.length, -'.json'.length), content]),
);
