/** Turns the schemas of a service into shapes, operations and errors. */
import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef, SchemaTraitsObject, StaticErrorSchema, StaticOperationSchema } from '@smithy/types';
import { type Constraint, type ConstraintTable, constraintOf } from './constraint.ts';
import type { Service } from './service.ts';
import type { ErrorShape, Member, MemberLocation, Operation, Shape, StructureShape, TimestampFormat } from './shape.ts';

export interface CompiledService {
  readonly operations: ReadonlyMap<string, Operation>;
  /** By shape name and, where it differs, by code of the query protocol. */
  readonly errors: ReadonlyMap<string, ErrorShape>;
}

export function compileService(service: Service): CompiledService {
  const compiler = new ShapeCompiler(service.constraints);
  const operations = new Map<string, Operation>();
  for (const [name, schema] of service.operations) operations.set(name, compileOperation(compiler, name, schema));
  const errors = new Map<string, ErrorShape>();
  for (const schema of service.errors.values()) {
    const error = compileError(compiler, schema);
    errors.set(error.name, error);
    if (error.queryCode !== undefined && !service.errors.has(error.queryCode)) errors.set(error.queryCode, error);
  }
  return { operations, errors };
}

function compileOperation(compiler: ShapeCompiler, name: string, schema: StaticOperationSchema): Operation {
  const [method, uriPattern, successStatus] = NormalizedSchema.of(schema).getMergedTraits().http ?? ['POST', '/', 200];
  const input = compiler.structureOf(schema[4], `${name}Input`);
  const output = compiler.structureOf(schema[5], `${name}Output`);
  return { name, method, uriPattern, successStatus, input, output };
}

function compileError(compiler: ShapeCompiler, schema: StaticErrorSchema): ErrorShape {
  const traits = NormalizedSchema.of(schema).getMergedTraits();
  const declared = traits['httpError'];
  const byFault = traits.error === 'server' ? 500 : 400;
  const query: unknown = traits['awsQueryError'];
  return {
    name: schema[2],
    shape: compiler.structureOf(schema, schema[2]),
    statusCode: typeof declared === 'number' ? declared : byFault,
    queryCode: Array.isArray(query) && typeof query[0] === 'string' ? query[0] : undefined,
  };
}

const TIMESTAMP_FORMATS: ReadonlyMap<unknown, TimestampFormat> = new Map([
  [5, 'dateTime'],
  [6, 'httpDate'],
  [7, 'epochSeconds'],
]);

class ShapeCompiler {
  readonly #constraints: ConstraintTable | undefined;
  readonly #structures = new Map<unknown, StructureShape>();

  constructor(constraints: ConstraintTable | undefined) {
    this.#constraints = constraints;
  }

  structureOf(ref: $SchemaRef, nameIfUnit: string): StructureShape {
    const schema = NormalizedSchema.of(ref);
    if (schema.isUnitSchema()) return { kind: 'structure', name: nameIfUnit, isUnion: false, members: [] };
    const shape = this.#shapeOf(schema);
    if (shape.kind !== 'structure') throw new Error(`${schema.getName(true)} is not a structure`);
    return shape;
  }

  #shapeOf(schema: NormalizedSchema): Shape {
    if (schema.isStructSchema()) return this.#structure(schema);
    const isSparse = schema.getMergedTraits().sparse === 1;
    if (schema.isListSchema()) {
      const item = schema.getValueSchema();
      const itemName = item.getMergedTraits().xmlName ?? 'member';
      return { kind: 'list', item: this.#shapeOf(item), isSparse, itemName };
    }
    if (schema.isMapSchema()) {
      const value = schema.getValueSchema();
      const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
      const valueName = value.getMergedTraits().xmlName ?? 'value';
      return { kind: 'map', value: this.#shapeOf(value), isSparse, keyName, valueName };
    }
    return scalarOf(schema);
  }

  #structure(schema: NormalizedSchema): StructureShape {
    const key = schema.getSchema();
    const known = this.#structures.get(key);
    if (known !== undefined) return known;
    const name = nameOf(schema);
    const shape: StructureShape = { kind: 'structure', name, isUnion: schema.isUnionSchema(), members: [] };
    this.#structures.set(key, shape);
    const requiredCount = requiredCountOf(key);
    shape.members = [...schema.structIterator()].map(([memberName, member], index) =>
      this.#member(name, memberName, member, index < requiredCount),
    );
    return shape;
  }

  #member(structure: string, name: string, schema: NormalizedSchema, isRequired: boolean): Member {
    const traits = schema.getMergedTraits();
    const [location, locationName] = locationOf(name, traits);
    const shape = this.#shapeOf(schema);
    const described = traits['constraint'] as Constraint | undefined;
    const tabled = this.#constraints === undefined ? undefined : constraintOf(this.#constraints, structure, name);
    return {
      name,
      shape,
      isRequired: isRequired || location === 'label',
      isSensitive: traits.sensitive === 1,
      location,
      locationName,
      jsonName: traits.jsonName ?? name,
      xmlName: schema.getMemberTraits().xmlName ?? name,
      isFlattened: traits.xmlFlattened === 1,
      constraint: described ?? tabled,
    };
  }
}

/** A structure's own name, also where a member refers to it. */
function nameOf(schema: NormalizedSchema): string {
  const key = schema.getSchema();
  return Array.isArray(key) ? String(key[2]) : (schema.getName() ?? '');
}

/** Required members stand first; their number closes the schema. */
function requiredCountOf(schema: unknown): number {
  return Array.isArray(schema) && schema[0] !== 4 && typeof schema[6] === 'number' ? schema[6] : 0;
}

function locationOf(name: string, traits: SchemaTraitsObject): [MemberLocation, string] {
  if (traits.httpLabel === 1) return ['label', name];
  if (traits.httpQuery !== undefined) return ['query', traits.httpQuery];
  if (traits.httpQueryParams === 1) return ['queryMap', name];
  if (traits.httpHeader !== undefined) return ['header', traits.httpHeader.toLowerCase()];
  if (traits.httpPrefixHeaders !== undefined) return ['headerMap', traits.httpPrefixHeaders.toLowerCase()];
  if (traits.httpPayload === 1) return ['payload', name];
  if (traits.httpResponseCode === 1) return ['status', name];
  return ['body', name];
}

function scalarOf(schema: NormalizedSchema): Shape {
  if (schema.isTimestampSchema()) return { kind: 'timestamp', format: TIMESTAMP_FORMATS.get(schema.getSchema()) };
  if (schema.isStringSchema()) return { kind: 'string' };
  if (schema.isBooleanSchema()) return { kind: 'boolean' };
  if (schema.isNumericSchema()) return { kind: 'number' };
  if (schema.isStreaming()) return { kind: 'stream' };
  if (schema.isBlobSchema()) return { kind: 'blob' };
  if (schema.isDocumentSchema()) return { kind: 'document' };
  if (schema.isBigIntegerSchema()) return { kind: 'bigInteger' };
  if (schema.isBigDecimalSchema()) return { kind: 'bigDecimal' };
  throw new Error(`${schema.getName(true)}: no such kind of schema is known`);
}
