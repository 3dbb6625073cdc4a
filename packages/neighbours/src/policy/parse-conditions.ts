import { conditionOperator } from './condition-operators.ts';
import { type ConditionClause, MalformedPolicyError, type SetQuantifier } from './policy-document.ts';

const NAME = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i;

/** Reads a `Condition` block: operator, then key, then one value or a list of values. */
export function parseConditions(block: unknown): ConditionClause[] {
  if (block === undefined) return [];
  const clauses: ConditionClause[] = [];
  for (const [name, keys] of entriesOf(block, 'Condition')) {
    const operator = parseOperator(name);
    for (const [key, value] of entriesOf(keys, `Condition ${name}`)) {
      if (!key.includes(':')) {
        throw new MalformedPolicyError(
          `Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. (${key})`,
        );
      }
      clauses.push({ ...operator, key: key.toLowerCase(), values: parseValues(value, name, key, operator.operator) });
    }
  }
  return clauses;
}

function parseOperator(name: string): Pick<ConditionClause, 'operator' | 'quantifier' | 'ifExists'> {
  const match = NAME.exec(name);
  const operator = match?.[2] ?? '';
  const ifExists = match?.[3] !== undefined;
  const isNull = operator.toLowerCase() === 'null';
  if ((!isNull && conditionOperator(operator) === undefined) || (isNull && ifExists)) {
    throw new MalformedPolicyError(`Invalid Condition type : ${name}.`);
  }
  return { operator, quantifier: quantifierOf(match?.[1]), ifExists };
}

function quantifierOf(text: string | undefined): SetQuantifier | undefined {
  if (text === undefined) return undefined;
  return text.toLowerCase() === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue';
}

function parseValues(value: unknown, name: string, key: string, operator: string): string[] {
  const list = Array.isArray(value) ? value : [value];
  const values = list.map((entry) => {
    if (typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean') return String(entry);
    throw new MalformedPolicyError(`Condition ${name} ${key} has a value that is neither text, number nor Boolean.`);
  });
  const accepts = conditionOperator(operator)?.accepts ?? ((text: string) => /^(true|false)$/i.test(text));
  const bad = values.find((text) => !accepts(text));
  if (bad !== undefined) throw new MalformedPolicyError(`Invalid value for Condition ${name} ${key}: ${bad}`);
  return values;
}

function entriesOf(value: unknown, what: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedPolicyError(`${what} must be an object.`);
  }
  return Object.entries(value);
}
