/** The form of a restore, made from what the connector says that it needs. */
import type { RestoreField } from '../../api/admin-types.ts';

export type RestoreValues = Readonly<Record<string, string>>;

/** Keys that the wizard asks for in words of its own, or fills in itself. */
const OWN_QUESTIONS = new Set([
  'newfilesystem',
  'itemstorestore',
  'creationtoken',
  'file-system-id',
  'holdfast:in-place',
]);

/** The fields that are shown as they are. */
export function plainFields(fields: readonly RestoreField[]): readonly RestoreField[] {
  return fields.filter(({ Name }) => !OWN_QUESTIONS.has(Name.toLowerCase()));
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
