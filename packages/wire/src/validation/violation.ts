/** Broken constraints and the words in which they are told. */

export interface Violation {
  readonly kind: 'missing' | 'invalid';
  /** `backupPlan.rules.1.member.ruleName`: members in lower camel case, items counted from 1. */
  readonly path: string;
  readonly requirement: string;
  /** The value as shown to the client; absent for secrets. */
  readonly shown?: string;
}

const MAX_SHOWN = 200;

export function describeViolations(violations: readonly Violation[]): string {
  const heading = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  return `${heading}: ${violations.map(describeViolation).join('; ')}`;
}

function describeViolation({ path, requirement, shown }: Violation): string {
  const value = shown === undefined ? 'Value' : `Value ${shown}`;
  return `${value} at '${path}' failed to satisfy constraint: Member must ${requirement}`;
}

/** Quotes a value and cuts long ones. */
export function showValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > MAX_SHOWN ? `'${text.slice(0, MAX_SHOWN)}…'` : `'${text}'`;
}

/** `BackupPlan` becomes `backupPlan`, `IAMRole` becomes `iAMRole`, as AWS prints paths. */
export function pathStep(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
