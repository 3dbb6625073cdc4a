/** A managed policy that comes with the installation (IAM-68). Nobody can change it. */
export interface BuiltInPolicy {
  readonly policyName: string;
  readonly path: '/' | '/service-role/' | '/aws-service-role/';
  readonly description: string;
  /** Date of the newest entry of the change log that touches it (IAM-74), ISO 8601. */
  readonly updatedOn: string;
  readonly statements: readonly BuiltInStatement[];
}

export interface BuiltInStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Actions of one service, written without repeating its name: `actions('ec2', 'CreateTags CopyImage')`. */
export function actions(service: string, names: string): string[] {
  return names
    .split(/\s+/)
    .filter((name) => name !== '')
    .map((name) => `${service}:${name}`);
}

/** A statement that allows actions on resources (by default on all). */
export function allow(
  actionLists: readonly (readonly string[])[],
  resources: readonly string[] = ['*'],
  more: Pick<BuiltInStatement, 'Sid' | 'Condition'> = {},
): BuiltInStatement {
  const { Sid, Condition } = more;
  return {
    ...(Sid === undefined ? {} : { Sid }),
    Effect: 'Allow',
    Action: actionLists.flat(),
    Resource: resources,
    ...(Condition === undefined ? {} : { Condition }),
  };
}
