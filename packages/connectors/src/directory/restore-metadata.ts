import type { ItemPath } from '@holdfast/engine';
import type { RestoreField } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { namesFromPath, pathFromNames } from './item-paths.ts';

const MOST_ITEMS = 5;
const MOST_METADATA_BYTES = 200 * 1024;
const LONGEST_KEY_OR_TOKEN = 64;

/** The keys of EFS restore metadata (RST-99, API2-153), and one of our own that AWS has no word for. */
export const restoreFields: readonly RestoreField[] = [
  {
    name: 'file-system-id',
    required: true,
    description: 'The file system that was backed up; with newFileSystem=false, the one to restore into.',
  },
  {
    name: 'Encrypted',
    required: true,
    description: 'Must be true when KmsKeyId is given. A directory is as encrypted as the disk beneath it.',
    values: ['true', 'false'],
    defaultValue: 'false',
  },
  { name: 'KmsKeyId', required: false, description: 'Key for the restored file system; needs Encrypted=true.' },
  {
    name: 'PerformanceMode',
    required: true,
    description: 'Accepted for the sake of AWS clients; has no effect on a directory.',
    values: ['generalPurpose', 'maxIO'],
    defaultValue: 'generalPurpose',
  },
  { name: 'CreationToken', required: true, description: 'Any text of 1 to 64 characters that names the request.' },
  {
    name: 'newFileSystem',
    required: true,
    description: 'true: a new directory under the restore path of the source; false: into the existing file system.',
    values: ['true', 'false'],
    defaultValue: 'true',
  },
  {
    name: 'ItemsToRestore',
    required: false,
    description: 'JSON list of 1 to 5 paths from the root, for example ["/projects/plan.txt"]; absent: everything.',
  },
  {
    name: 'holdfast:in-place',
    required: false,
    description:
      'true, with newFileSystem=false: put everything back where it was, over what is there, instead of into a ' +
      'directory aws-backup-restore_<datetime>. What the recovery point does not hold is left alone.',
    values: ['true', 'false'],
    defaultValue: 'false',
  },
];

const IGNORED_PREFIX = 'aws:backup:';

export interface DirectoryRestoreMetadata {
  readonly fileSystemId: string;
  readonly isEncrypted: boolean;
  readonly creationToken: string;
  readonly isNewFileSystem: boolean;
  readonly isInPlace: boolean;
  /** Absent: everything. */
  readonly items: readonly ItemPath[] | undefined;
  /** Keys that were given and have no meaning for a directory, for the job's message (RST-16). */
  readonly withoutEffect: readonly string[];
}

/**
 * Reads the restore metadata of a request; keys without regard to case.
 * @throws ConnectorError `invalid-request` that names the key
 */
export function parseRestoreMetadata(metadata: Readonly<Record<string, string>>): DirectoryRestoreMetadata {
  const sizeBytes = Object.entries(metadata).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0);
  if (sizeBytes > MOST_METADATA_BYTES) refuse('Metadata', `is ${sizeBytes} bytes long, and may be 200 KB at most`);
  const values = new Map(Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value]));
  for (const field of restoreFields) checkField(field, values.get(field.name.toLowerCase()));
  const value = (key: string): string => values.get(key.toLowerCase()) ?? '';
  const isTrue = (key: string): boolean => value(key).toLowerCase() === 'true';

  const fileSystemId = value('file-system-id');
  if (!/^fs-[0-9a-f]{8,40}$/.test(fileSystemId)) refuse('file-system-id', `'${fileSystemId}' is not a file system id`);
  if (values.has('kmskeyid') && !isTrue('Encrypted')) refuse('Encrypted', 'must be true when KmsKeyId is given');
  if (isTrue('holdfast:in-place') && isTrue('newFileSystem')) {
    refuse('holdfast:in-place', 'needs newFileSystem=false, because a new file system has nothing to go over');
  }
  if (value('CreationToken').length > LONGEST_KEY_OR_TOKEN) refuse('CreationToken', 'is longer than 64 characters');
  return {
    fileSystemId,
    isEncrypted: isTrue('Encrypted'),
    creationToken: value('CreationToken'),
    isNewFileSystem: isTrue('newFileSystem'),
    isInPlace: isTrue('holdfast:in-place'),
    items: parseItems(values.get('itemstorestore')),
    withoutEffect: keysWithoutEffect(metadata, isTrue('Encrypted')),
  };
}

function checkField(field: RestoreField, value: string | undefined): void {
  if (value === undefined || value === '') {
    if (field.required) refuse(field.name, 'is required');
    return;
  }
  if (field.values !== undefined && !field.values.some((each) => each.toLowerCase() === value.toLowerCase())) {
    refuse(field.name, `'${value}' is not one of ${field.values.join(', ')}`);
  }
}

function parseItems(text: string | undefined): readonly ItemPath[] | undefined {
  if (text === undefined) return undefined;
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return refuse('ItemsToRestore', 'is not JSON; write a list such as ["/projects/plan.txt"]');
  }
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_ITEMS) {
    return refuse('ItemsToRestore', `must be a JSON list of 1 to ${MOST_ITEMS} paths`);
  }
  return list.map((item: unknown) => parseItem(item));
}

/** A path from the root, as the specification writes them (`/file1`); case counts, wildcards mean nothing (RST-92). */
function parseItem(item: unknown): ItemPath {
  if (typeof item !== 'string' || !item.startsWith('/')) {
    return refuse(
      'ItemsToRestore',
      `${JSON.stringify(item)} is not a path from the root, such as "/projects/plan.txt"`,
    );
  }
  const bytes = Buffer.from(
    item
      .split('/')
      .filter((name) => name !== '')
      .join('/'),
  );
  try {
    return pathFromNames(namesFromPath(bytes));
  } catch {
    return refuse('ItemsToRestore', `${JSON.stringify(item)} must not contain '.' or '..' or NUL`);
  }
}

function keysWithoutEffect(metadata: Readonly<Record<string, string>>, isEncrypted: boolean): string[] {
  const known = new Set(restoreFields.map((field) => field.name.toLowerCase()));
  const unknown = Object.keys(metadata).filter(
    (key) => !known.has(key.toLowerCase()) && !key.toLowerCase().startsWith(IGNORED_PREFIX),
  );
  return [
    ...(isEncrypted ? ['Encrypted', 'KmsKeyId'].filter((key) => key === 'Encrypted' || hasKey(metadata, key)) : []),
    ...unknown,
  ];
}

function hasKey(metadata: Readonly<Record<string, string>>, wanted: string): boolean {
  return Object.keys(metadata).some((key) => key.toLowerCase() === wanted.toLowerCase());
}

function refuse(key: string, reason: string): never {
  throw new ConnectorError('invalid-request', `Restore metadata ${key}: ${reason}.`);
}
