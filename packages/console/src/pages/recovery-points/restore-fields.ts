/** The form of a restore, made from what the connector says that it needs. */
import type { RestoreField } from '../../api/admin-types.ts';
import { isMomentKey } from './point-in-time.ts';

export type RestoreValues = Readonly<Record<string, string>>;

/** Keys that the wizard asks for in words of its own where it restores file systems. */
const OWN_QUESTIONS = new Set(['newfilesystem', 'itemstorestore', 'file-system-id', 'holdfast:in-place']);

/** The fields that are shown as they are. */
export function plainFields(fields: readonly RestoreField[]): readonly RestoreField[] {
  const isFileSystem = hasField(fields, 'newFileSystem');
  return fields.filter(({ Name }) => {
    const name = Name.toLowerCase();
    // A token that makes the request unique is filled in.
    return name !== 'creationtoken' && !isMomentKey(name) && !(isFileSystem && OWN_QUESTIONS.has(name));
  });
}

export function hasField(fields: readonly RestoreField[], name: string): boolean {
  return fields.some(({ Name }) => Name.toLowerCase() === name.toLowerCase());
}

/** What the form begins with: the recovery point's own values over the connector's. */
export function startValues(fields: readonly RestoreField[], metadata: RestoreValues): RestoreValues {
  const defaults = fields.flatMap(({ Name, DefaultValue }) =>
    DefaultValue === undefined ? [] : [[Name, DefaultValue] as const],
  );
  const known = fields.map(({ Name }) => Name);
  // Keys match without regard to case; the connector's spelling is kept.
  const given = Object.entries(metadata).map(
    ([key, value]) => [known.find((name) => name.toLowerCase() === key.toLowerCase()) ?? key, value] as const,
  );
  return Object.fromEntries([...defaults, ...given]);
}

/** The metadata to send: what is empty is not sent. */
export function filledValues(values: RestoreValues): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

/** The names of required fields that are empty. */
export function missingFields(fields: readonly RestoreField[], values: RestoreValues): readonly string[] {
  return fields.filter(({ Name, Required }) => Required && (values[Name] ?? '') === '').map(({ Name }) => Name);
}

/** Whether every item of an item-level restore of files has a path from the root; so it is for a full one. */
export function areItemsNamed(values: RestoreValues): boolean {
  // Items of other types are a text that the server judges.
  if (values['newFileSystem'] === undefined) return true;
  const items = itemsOf(values);
  return items === undefined || (items.length > 0 && items.every((item) => item.startsWith('/')));
}

/** The items of an item-level restore; undefined for a full one. */
export function itemsOf(values: RestoreValues): readonly string[] | undefined {
  const text = values['ItemsToRestore'];
  if (text === undefined || text === '') return undefined;
  const list: unknown = JSON.parse(text);
  return Array.isArray(list) ? list.map(String) : undefined;
}

/** Items chosen by browsing, as the connector names them: paths of files, or keys and prefixes of objects. */
export function chosenItems(fields: readonly RestoreField[], items: string): string {
  const isFileSystem = hasField(fields, 'newFileSystem');
  const paths = JSON.parse(items) as readonly string[];
  return JSON.stringify(paths.map((path) => (isFileSystem ? path.replace(/\/$/, '') : path.replace(/^\//, ''))));
}
