/** What the tables of cases share: their form, and provocations that many operations have in common. */
import type { OperationName, Operations } from './send.ts';
import { NO_POINT, SCOPE, type World } from './world.ts';

type Change<Input> = (world: World) => Partial<Input> | Promise<Partial<Input>>;

/** `missing` leaves a required member out; a function answers the members that differ from the good request. */
export type Provocation<Input> = { readonly missing: keyof Input & string } | Change<Input>;

export interface OperationCases<Input> {
  readonly good: (world: World) => Input;
  readonly errors: Readonly<Record<string, Provocation<Input>>>;
}

export type Table = { readonly [Name in OperationName]?: OperationCases<Operations[Name]['input']> };

export const NO_ID = '00000000-0000-4000-8000-000000000000';
export const BAD_ID = 'an id with spaces';
export const BAD_NAME = 'not a name!';
export const TOO_MANY_TAGS = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, 'x']));
export const vaultArn = (name: string) => `arn:aws:backup:us-east-1:${SCOPE.accountId}:backup-vault:${name}`;
export const badPage = () => ({ MaxResults: 0 });

export const vaultErrors = {
  MissingParameterValueException: { missing: 'BackupVaultName' },
  InvalidParameterValueException: () => ({ BackupVaultName: BAD_NAME }),
  ResourceNotFoundException: () => ({ BackupVaultName: 'no-such-vault' }),
} as const;

export const planErrors = {
  MissingParameterValueException: { missing: 'BackupPlanId' },
  InvalidParameterValueException: () => ({ BackupPlanId: BAD_ID }),
  ResourceNotFoundException: () => ({ BackupPlanId: NO_ID }),
} as const;

export const pointErrors = {
  MissingParameterValueException: { missing: 'BackupVaultName' },
  InvalidParameterValueException: () => ({ BackupVaultName: BAD_NAME }),
  ResourceNotFoundException: () => ({ RecoveryPointArn: NO_POINT }),
} as const;

export const vault = ({ vaultName }: World) => ({ BackupVaultName: vaultName });
export const plan = ({ planId }: World) => ({ BackupPlanId: planId });
export const point = (world: World) => ({ BackupVaultName: world.vaultName, RecoveryPointArn: world.point });
export const list = { good: () => ({}), errors: { InvalidParameterValueException: badPage } } as const;
