/** A service as the wire knows it: protocols, operations with their schemas, limits and error codes. */
import type { StaticErrorSchema, StaticOperationSchema } from '@smithy/types';
import type { ConstraintTable } from './constraint.ts';
import type { DescribedOperations } from './describe.ts';
import type { Operations, SdkOperations } from './operation-types.ts';

export type Protocol = 'restJson1' | 'awsJson1_0' | 'awsJson1_1' | 'awsQuery';

/** Codes of the errors that the wire itself answers with, where a service has names of its own. */
export interface WireErrorCodes {
  /** A required member is missing. */
  readonly missing: string;
  /** A value breaks a constraint. */
  readonly invalid: string;
  /** A value is of the wrong type. */
  readonly wrongType: string;
  /** The request cannot be read at all: broken JSON, bad percent-encoding. */
  readonly malformed: string;
  /** Something that the service stands on is away for now; the same request may succeed later. */
  readonly unavailable: string;
}

export interface ServiceDescription<Schemas extends object> {
  /** Name in IAM actions: `backup`. */
  readonly name: string;
  /** Service names accepted in the credential scope; by default the name. */
  readonly signingNames?: readonly string[];
  /** The first is the one in which errors are written when a request does not tell. */
  readonly protocols: readonly Protocol[];
  /** `2018-11-15` */
  readonly apiVersion: string;
  /** awsJson: what stands before the dot in `X-Amz-Target`. */
  readonly targetPrefix?: string;
  /** awsQuery: the namespace of answers. */
  readonly xmlNamespace?: string;
  /** The SDK package's module namespace, or operations described with `operation()`. */
  readonly schemas: Schemas;
  readonly constraints?: ConstraintTable;
  readonly errorCodes?: Partial<WireErrorCodes>;
  /** HTTP statuses of error codes where they differ from what the schemas say. */
  readonly errorStatuses?: Readonly<Record<string, number>>;
}

export interface Service<Ops extends Operations = Operations> {
  readonly name: string;
  readonly signingNames: readonly string[];
  readonly protocols: readonly Protocol[];
  readonly apiVersion: string;
  readonly targetPrefix: string | undefined;
  readonly xmlNamespace: string | undefined;
  readonly constraints: ConstraintTable | undefined;
  readonly errorCodes: WireErrorCodes;
  readonly errorStatuses: Readonly<Record<string, number>>;
  /** Operation schemas by operation name. */
  readonly operations: ReadonlyMap<string, StaticOperationSchema>;
  /** Error schemas by shape name. */
  readonly errors: ReadonlyMap<string, StaticErrorSchema>;
  /** Carries the operations' types; never set. */
  readonly types?: Ops;
}

/** The operations in an SDK's module or in a record of described operations. */
export type OperationsIn<Schemas extends object> = SdkOperations<Schemas> & DescribedOperations<Schemas>;

/**
 * Defines a service from the schemas that an SDK package exports, or from operations described by hand.
 *
 * @example
 * import * as sdk from '@aws-sdk/client-sts';
 * const sts = defineService({ name: 'sts', protocols: ['awsQuery'], apiVersion: '2011-06-15', xmlNamespace: '…', schemas: sdk });
 * const implementation = implement(sts, { GetCallerIdentity: async (_input, context) => ({ Arn: context.principal.arn }) });
 */
export function defineService<Schemas extends object>(
  description: ServiceDescription<Schemas>,
): Service<OperationsIn<Schemas>> {
  const operations = new Map<string, StaticOperationSchema>();
  const errors = new Map<string, StaticErrorSchema>();
  for (const value of Object.values(description.schemas)) {
    if (isOperationSchema(value)) operations.set(value[2], value);
    else if (isErrorSchema(value)) errors.set(value[2], value);
  }
  if (operations.size === 0) throw new Error(`${description.name}: the schemas hold no operation`);
  const isQuery = description.protocols[0] === 'awsQuery';
  const invalid = description.errorCodes?.invalid ?? (isQuery ? 'ValidationError' : 'ValidationException');
  return {
    name: description.name,
    signingNames: description.signingNames ?? [description.name],
    protocols: description.protocols,
    apiVersion: description.apiVersion,
    targetPrefix: description.targetPrefix,
    xmlNamespace: description.xmlNamespace,
    constraints: description.constraints,
    errorCodes: {
      missing: invalid,
      wrongType: invalid,
      malformed: invalid,
      unavailable: 'ServiceUnavailable',
      ...description.errorCodes,
      invalid,
    },
    errorStatuses: description.errorStatuses ?? {},
    operations,
    errors,
  };
}

function isOperationSchema(value: unknown): value is StaticOperationSchema {
  return Array.isArray(value) && value[0] === 9 && typeof value[2] === 'string';
}

/** The synthetic base exception of an SDK has an empty member list and a namespace of its own; it is never answered. */
function isErrorSchema(value: unknown): value is StaticErrorSchema {
  return Array.isArray(value) && value[0] === -3 && !String(value[1]).startsWith('smithy.ts.sdk.synthetic');
}
