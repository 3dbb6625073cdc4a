/** Values for every member of a shape, made to satisfy its constraints, for tests that send all there is. */
import type { Constraint } from '../model/constraint.ts';
import type { Member, Shape, StructureShape } from '../model/shape.ts';

/** Texts of which one fits every pattern of the services here; the first have all that is awkward in URLs. */
const TEXTS = [
  'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs 1+2%2F~ü',
  'arn:aws:backup:us-east-1:123456789012:accesspoint/abc-def',
  '123456789012',
  'abc_def',
  'abc-def',
  'abc',
  'AKIAIOSFODNN7EXAMPLE0000',
  '/path/',
  'v1',
  '123456',
  'o-abcdefghij/r-abcd/ou-abcd',
  'p-abcdefgh',
  'https://example.com/x',
  '-----BEGIN-----',
  'arn:aws:backup-gateway:us-east-1:123456789012:gateway/bgw-0123456789',
  'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  'arn:aws:iam::123456789012:role/service-role/backup',
  'arn:aws:logs:us-east-1:123456789012:log-group:gateway:*',
];

/** A structure with every member set, down to the given depth of self-containment. */
export function sampleStructure(shape: StructureShape, depth = 0): Record<string, unknown> {
  const members = shape.isUnion ? shape.members.slice(0, 1) : shape.members;
  const target: Record<string, unknown> = {};
  for (const member of members) {
    const value = sampleMember(member, depth);
    if (value !== undefined) target[member.name] = value;
  }
  return target;
}

function sampleMember(member: Member, depth: number): unknown {
  if (depth > 6) return undefined;
  return sampleValue(member.shape, member.constraint, depth + 1, member.name);
}

function sampleValue(shape: Shape, constraint: Constraint | undefined, depth: number, name: string): unknown {
  switch (shape.kind) {
    case 'structure':
      return sampleStructure(shape, depth);
    case 'list': {
      const count = Math.max(constraint?.minLength ?? 0, Math.min(2, constraint?.maxLength ?? 2));
      return Array.from({ length: count }, () => sampleValue(shape.item, constraint?.items, depth, name));
    }
    case 'map':
      return { [sampleText(constraint?.keys, 'key')]: sampleValue(shape.value, constraint?.entries, depth, name) };
    case 'string':
      return sampleText(constraint, name);
    case 'number':
      return constraint?.max ?? constraint?.min ?? 42;
    case 'boolean':
      return true;
    case 'timestamp':
      return new Date(1516925490087);
    case 'blob':
      return new Uint8Array([0, 1, 254, 255]);
    case 'document':
      return { any: ['thing', 1, null] };
    default:
      throw new Error(`${name}: no sample for ${shape.kind}`);
  }
}

function sampleText(constraint: Constraint | undefined, name: string): string {
  if (constraint?.values !== undefined) return constraint.values[0] ?? '';
  const { minLength = 0, maxLength = 1000, pattern } = constraint ?? {};
  const expression = new RegExp(`^(?:${pattern ?? '.*'})$`, pattern?.includes('\\p{') === true ? 'su' : 's');
  const padded = TEXTS.map((text) => text.padEnd(minLength, text).slice(0, maxLength));
  const found = padded.find((text) => expression.test(text));
  if (found === undefined) throw new Error(`${name}: no sample fits ${JSON.stringify(constraint)}`);
  return found;
}
