/** The `aws` command that does what the page does. */

type Value = string | number | boolean | undefined | readonly unknown[] | object;

/** `aws backup create-backup-vault --backup-vault-name x`: members without a value are left out. */
export function awsCommand(
  operation: string,
  input: Readonly<Record<string, Value>>,
  { service = 'backup', region }: { readonly service?: string; readonly region: string },
): string {
  const flags = Object.entries(input).flatMap(([name, value]) => flag(name, value));
  const lines = [`aws ${service} ${kebab(operation)}`, ...flags, `--region ${region}`, '--profile holdfast'];
  return lines.join(' \\\n  ');
}

function flag(name: string, value: Value): readonly string[] {
  if (value === undefined || value === '') return [];
  if (typeof value === 'boolean') return [value ? `--${kebab(name)}` : `--no-${kebab(name)}`];
  if (typeof value === 'object') {
    const text = JSON.stringify(value);
    return text === '{}' || text === '[]' ? [] : [`--${kebab(name)} ${quote(text)}`];
  }
  return [`--${kebab(name)} ${quote(String(value))}`];
}

function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

/** As a shell reads it. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
