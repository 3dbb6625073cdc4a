/** Type-level view of a service's operations: what a handler receives and what it owes. */

/** Input and output of one operation. */
export interface OperationTypes {
  readonly input: object;
  readonly output: object;
}

/** All operations of a service by name. */
export type Operations = Readonly<Record<string, OperationTypes>>;

interface CommandLike {
  readonly input: object;
  resolveMiddleware(
    stack: never,
    configuration: never,
    options: never,
  ): (...args: never[]) => Promise<{ output: object }>;
}

type InputOf<Command extends CommandLike> = Validated<Command['input']>;
type OutputOf<Command extends CommandLike> = Omit<
  Awaited<ReturnType<ReturnType<Command['resolveMiddleware']>>>['output'],
  '$metadata'
>;

/**
 * The operations of an SDK package, read from the types of its command classes:
 * `SdkOperations<typeof import('@aws-sdk/client-backup')>['CreateBackupVault']['input']`.
 */
export type SdkOperations<Sdk> = {
  readonly [Key in keyof Sdk as Key extends `${infer Name}Command`
    ? Sdk[Key] extends abstract new (
        ...args: never[]
      ) => CommandLike
      ? Name
      : never
    : never]: Sdk[Key] extends abstract new (
    ...args: never[]
  ) => infer Command
    ? Command extends CommandLike
      ? { readonly input: InputOf<Command>; readonly output: OutputOf<Command> }
      : never
    : never;
};

/**
 * The SDK writes `Name: string | undefined` for a member that the service requires. The wire has refused such a
 * request before a handler sees it, so handlers get the member without `undefined`. Optional members stay optional.
 */
export type Validated<T> = T extends Date | Uint8Array | ((...args: never[]) => unknown)
  ? T
  : T extends readonly (infer Item)[]
    ? Validated<Item>[]
    : T extends object
      ? {
          [Key in keyof T]: Record<string, never> extends Pick<T, Key>
            ? Validated<T[Key]>
            : Validated<Exclude<T[Key], undefined>>;
        }
      : T;
