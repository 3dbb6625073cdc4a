import type { Service } from '@holdfast/wire';
import type { iam } from '@holdfast/wire/iam';

/** The operations of iam with the types of their inputs and outputs. */
export type IamOperations = typeof iam extends Service<infer Ops> ? Ops : never;
