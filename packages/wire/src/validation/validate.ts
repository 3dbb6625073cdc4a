/** Checks a decoded input against required members and constraints, once, at the door (TYPE-21, API-20). */
import type { Constraint } from '../model/constraint.ts';
import type { Member, Shape, StructureShape } from '../model/shape.ts';
import { pathStep, showValue, type Violation } from './violation.ts';

/** After so many, the rest would not help the reader. */
const MAX_VIOLATIONS = 20;

/** All broken constraints in the order of members; empty when the input is valid. */
export function validate(shape: StructureShape, input: Readonly<Record<string, unknown>>): Violation[] {
  const violations: Violation[] = [];
  checkMembers(shape, input, '', false, violations);
  return violations;
}

function checkMembers(
  shape: StructureShape,
  values: Readonly<Record<string, unknown>>,
  path: string,
  isSecret: boolean,
  violations: Violation[],
): void {
  for (const member of shape.members) {
    if (violations.length >= MAX_VIOLATIONS) return;
    const value = values[member.name];
    const memberPath = path === '' ? pathStep(member.name) : `${path}.${pathStep(member.name)}`;
    if (value === undefined) {
      if (member.isRequired) violations.push(missing(memberPath));
      continue;
    }
    checkMember(member, value, memberPath, isSecret || member.isSensitive, violations);
  }
}

function missing(path: string): Violation {
  return { kind: 'missing', path, requirement: 'not be null', shown: 'null' };
}

function checkMember(member: Member, value: unknown, path: string, isSecret: boolean, violations: Violation[]): void {
  checkValue(member.shape, member.constraint, value, path, isSecret, violations);
}

function checkValue(
  shape: Shape,
  constraint: Constraint | undefined,
  value: unknown,
  path: string,
  isSecret: boolean,
  violations: Violation[],
): void {
  const broken = constraint === undefined ? undefined : brokenRequirement(shape, constraint, value);
  if (broken !== undefined) {
    violations.push({ kind: 'invalid', path, requirement: broken, ...(isSecret ? {} : { shown: showValue(value) }) });
    return;
  }
  if (shape.kind === 'structure') {
    checkMembers(shape, value as Readonly<Record<string, unknown>>, path, isSecret, violations);
  } else if (shape.kind === 'list') {
    checkItems(shape.item, constraint?.items, value as readonly unknown[], path, isSecret, violations);
  } else if (shape.kind === 'map') {
    checkEntries(shape.value, constraint, value as Readonly<Record<string, unknown>>, path, isSecret, violations);
  }
}

function checkItems(
  item: Shape,
  constraint: Constraint | undefined,
  values: readonly unknown[],
  path: string,
  isSecret: boolean,
  violations: Violation[],
): void {
  for (const [index, value] of values.entries()) {
    if (violations.length >= MAX_VIOLATIONS) return;
    if (value !== null) checkValue(item, constraint, value, `${path}.${index + 1}.member`, isSecret, violations);
  }
}

function checkEntries(
  shape: Shape,
  constraint: Constraint | undefined,
  values: Readonly<Record<string, unknown>>,
  path: string,
  isSecret: boolean,
  violations: Violation[],
): void {
  for (const [key, value] of Object.entries(values)) {
    if (violations.length >= MAX_VIOLATIONS) return;
    checkValue({ kind: 'string' }, constraint?.keys, key, `${path}.key`, isSecret, violations);
    if (value !== null) checkValue(shape, constraint?.entries, value, `${path}.${key}.member`, isSecret, violations);
  }
}

function brokenRequirement(shape: Shape, constraint: Constraint, value: unknown): string | undefined {
  if (typeof value === 'string') return brokenText(constraint, value);
  if (typeof value === 'number') return brokenNumber(constraint, value);
  return brokenLength(constraint, sizeOf(shape, value));
}

function sizeOf(shape: Shape, value: unknown): number | undefined {
  if (shape.kind === 'list') return (value as readonly unknown[]).length;
  if (shape.kind === 'map') return Object.keys(value as object).length;
  return shape.kind === 'blob' ? (value as Uint8Array).byteLength : undefined;
}

function brokenText(constraint: Constraint, text: string): string | undefined {
  const { values, pattern } = constraint;
  if (values !== undefined && !values.includes(text)) return `satisfy enum value set: [${values.join(', ')}]`;
  const length = brokenLength(constraint, [...limited(text, constraint)].length);
  if (length !== undefined) return length;
  if (pattern === undefined || expressionOf(pattern).test(text)) return undefined;
  return `satisfy regular expression pattern: ${pattern}`;
}

/** Counting characters of a text far over the limit would be wasted work. */
function limited(text: string, { maxLength }: Constraint): string {
  return maxLength === undefined ? text : text.slice(0, 2 * maxLength + 2);
}

function brokenLength({ minLength, maxLength }: Constraint, length: number | undefined): string | undefined {
  if (length === undefined) return undefined;
  if (minLength !== undefined && length < minLength) return `have length greater than or equal to ${minLength}`;
  return maxLength !== undefined && length > maxLength ? `have length less than or equal to ${maxLength}` : undefined;
}

function brokenNumber({ min, max, integer }: Constraint, value: number): string | undefined {
  if (integer === true && !Number.isSafeInteger(value)) return 'be a whole number';
  if (min !== undefined && value < min) return `have value greater than or equal to ${min}`;
  return max !== undefined && value > max ? `have value less than or equal to ${max}` : undefined;
}

const expressions = new Map<string, RegExp>();

/** Patterns hold for the whole text; only Unicode classes want the `u` flag, which forbids escapes that others use. */
function expressionOf(pattern: string): RegExp {
  let expression = expressions.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(`^(?:${pattern})$`, pattern.includes('\\p{') ? 'su' : 's');
    expressions.set(pattern, expression);
  }
  return expression;
}
