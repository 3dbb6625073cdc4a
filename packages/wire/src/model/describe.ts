/**
 * Words to describe operations by hand, for services without an SDK package: they yield the schema form that SDK
 * packages export, with types for handlers and limits on values in the same breath.
 *
 * @example
 * const Source = structure('Source', { Name: required(string({ pattern: '^[a-z-]+$' })), CreatedAt: timestamp() });
 * const schemas = {
 *   GetSource: operation('GetSource', {
 *     http: ['GET', '/sources/{Name}', 200],
 *     input: structure('GetSourceInput', { Name: label(string()) }),
 *     output: structure('GetSourceOutput', { Source }),
 *   }),
 * };
 */
import type { $SchemaRef, SchemaTraitsObject, StaticErrorSchema, StaticOperationSchema } from '@smithy/types';
import type { Constraint } from './constraint.ts';

const NAMESPACE = 'holdfast';

/** A described type with the TypeScript type of its values. */
export interface Described<T> {
  readonly schema: $SchemaRef;
  readonly traits: SchemaTraitsObject;
  readonly constraint: Constraint;
  /** Carries the type; never set. */
  readonly value?: T;
}

/** A member that must be there. */
export interface RequiredMember<T> extends Described<T> {
  readonly isRequired: true;
}

type Members = Readonly<Record<string, Described<unknown>>>;
type ValueOf<D> = D extends Described<infer T> ? T : never;
type RequiredNames<M extends Members> = {
  [Name in keyof M]: M[Name] extends RequiredMember<unknown> ? Name : never;
}[keyof M];

/** The object type of a structure's members. */
export type StructureOf<M extends Members> = { [Name in RequiredNames<M>]: ValueOf<M[Name]> } & {
  [Name in Exclude<keyof M, RequiredNames<M>>]?: ValueOf<M[Name]> | undefined;
};

/** The value type of a description: `Infer<typeof Source>`. */
export type Infer<D extends Described<unknown>> = ValueOf<D>;

type TextLimits = Pick<Constraint, 'pattern' | 'minLength' | 'maxLength'>;
type NumberLimits = Pick<Constraint, 'min' | 'max'>;
type SizeLimits = Pick<Constraint, 'minLength' | 'maxLength'>;

function described<T>(schema: $SchemaRef, constraint: Constraint = {}): Described<T> {
  return { schema, traits: {}, constraint };
}

export const string = (limits: TextLimits = {}): Described<string> => described(0, limits);
export const enumeration = <const V extends string>(...values: readonly V[]): Described<V> => described(0, { values });
export const integer = (limits: NumberLimits = {}): Described<number> => described(1, { ...limits, integer: true });
export const number = (limits: NumberLimits = {}): Described<number> => described(1, limits);
export const boolean = (): Described<boolean> => described(2);
export const timestamp = (): Described<Date> => described(4);
export const blob = (limits: SizeLimits = {}): Described<Uint8Array> => described(21, limits);
/** Any JSON value. */
export const document = (): Described<unknown> => described(15);
/** An output's body as a stream of bytes; use it with `payload()`. */
export const byteStream = (): Described<AsyncIterable<Uint8Array>> => described(42);

export function list<T>(item: Described<T>, limits: SizeLimits = {}): Described<T[]> {
  return described([1, NAMESPACE, 'List', 0, [item.schema, item.traits]], { ...limits, items: item.constraint });
}

/** A map from text to the given type. */
export function map<T>(value: Described<T>, limits: SizeLimits = {}): Described<Record<string, T>> {
  return described([2, NAMESPACE, 'Map', 0, [0, 0], [value.schema, value.traits]], {
    ...limits,
    entries: value.constraint,
  });
}

export function structure<const M extends Members>(name: string, members: M): Described<StructureOf<M>> {
  const { names, schemas, requiredCount } = memberLists(members);
  return described([3, NAMESPACE, name, 0, names, schemas, requiredCount]);
}

/** Exactly one of the members is set. */
export function union<const M extends Members>(name: string, members: M): Described<Partial<StructureOf<M>>> {
  const { names, schemas } = memberLists(members);
  return described([4, NAMESPACE, name, 0, names, schemas]);
}

/** The schema form wants required members first and their number last. */
function memberLists(members: Members): { names: string[]; schemas: $SchemaRef[]; requiredCount: number } {
  const entries = Object.entries(members);
  const isRequired = ([, member]: (typeof entries)[number]) => 'isRequired' in member;
  const required = entries.filter(isRequired);
  const ordered = [...required, ...entries.filter((entry) => !isRequired(entry))];
  return {
    names: ordered.map(([name]) => name),
    schemas: ordered.map(([, member]) => memberSchema(member)),
    requiredCount: required.length,
  };
}

/** A pair of schema and traits is the form of a member; the limits travel as a trait of our own. */
function memberSchema(member: Described<unknown>): $SchemaRef {
  return [member.schema, { ...member.traits, constraint: member.constraint }];
}

function withTraits<D extends Described<unknown>>(type: D, traits: SchemaTraitsObject): D {
  return { ...type, traits: { ...type.traits, ...traits } };
}

export function required<T>(type: Described<T>): RequiredMember<T> {
  return { ...type, isRequired: true };
}

/** A part of the path; always required. */
export const label = <T>(type: Described<T>): RequiredMember<T> => required(withTraits(type, { httpLabel: 1 }));
/** A parameter of the query string. */
export const query = <D extends Described<unknown>>(name: string, type: D): D => withTraits(type, { httpQuery: name });
/** An HTTP header. */
export const header = <D extends Described<unknown>>(name: string, type: D): D =>
  withTraits(type, { httpHeader: name });
/** The member is the whole body. */
export const payload = <D extends Described<unknown>>(type: D): D => withTraits(type, { httpPayload: 1 });
/** Never shown in logs and audit trail. */
export const sensitive = <D extends Described<unknown>>(type: D): D => withTraits(type, { sensitive: 1 });

/** An operation's schema that remembers the types of input and output. */
export type DescribedOperation<Input extends object, Output extends object> = StaticOperationSchema & {
  readonly types?: { readonly input: Input; readonly output: Output };
};

/** Operations among the values of a record of descriptions, by key; the key must be the operation's name. */
export type DescribedOperations<Schemas extends object> = {
  readonly [Key in keyof Schemas as Key extends string
    ? Schemas[Key] extends { readonly types?: { readonly input: object; readonly output: object } }
      ? Key
      : never
    : never]: Schemas[Key] extends DescribedOperation<infer Input, infer Output>
    ? { readonly input: Input; readonly output: Output }
    : never;
};

export function operation<Input extends object, Output extends object>(
  name: string,
  parts: {
    /** restJson1: method, path pattern, status of success. */
    readonly http?: [string, string, number];
    readonly input: Described<Input>;
    readonly output: Described<Output>;
  },
): DescribedOperation<Input, Output> {
  const traits: SchemaTraitsObject = parts.http === undefined ? {} : { http: parts.http };
  return [9, NAMESPACE, name, traits, parts.input.schema, parts.output.schema];
}

/** An error with its HTTP status and its members. */
export function errorShape(name: string, statusCode: number, members: Members): StaticErrorSchema {
  const { names, schemas, requiredCount } = memberLists(members);
  const error = statusCode < 500 ? 'client' : 'server';
  return [-3, NAMESPACE, name, { error, httpError: statusCode }, names, schemas, requiredCount];
}
