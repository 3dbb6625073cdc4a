import { invalidParameter } from '../errors.ts';

/** Options by resource type, with their values (API2-134 and the two options for buckets that came later). */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  EC2: ['WindowsVSS'],
  S3: ['BackupACLs', 'BackupObjectTags'],
};

/**
 * Checks `BackupOptions`: each is `enabled` or `disabled`, and belongs to the resource's type.
 * @throws ServiceError InvalidParameterValueException
 */
export function checkBackupOptions(
  options: Readonly<Record<string, string | undefined>> | undefined,
  resourceType: string,
): Readonly<Record<string, string>> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(options ?? {})) {
    if (OPTIONS[resourceType]?.includes(name) !== true) {
      throw invalidParameter(`"${name}" is not a backup option of ${resourceType} resources.`, 'BackupOptions');
    }
    if (value !== 'enabled' && value !== 'disabled') {
      throw invalidParameter(`${name} must be "enabled" or "disabled", not "${value}".`, 'BackupOptions');
    }
    checked[name] = value;
  }
  return checked;
}
