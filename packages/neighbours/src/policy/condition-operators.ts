import { BlockList, isIP } from 'node:net';
import { matchesArnPattern } from './arn-pattern.ts';
import { compilePattern, literalPattern, matchesPattern, type VariableResolver } from './wildcard-pattern.ts';

/** Whether one value of the request matches one value of the policy, before any negation. */
type ValueTest = (requestValue: string, policyValue: string, resolve: VariableResolver | undefined) => boolean;

export interface ConditionOperator {
  /** A negated operator holds when *no* value of the policy matches, and also when the key is absent. */
  readonly negated: boolean;
  readonly matches: ValueTest;
  /** Whether a text can be a value of this operator in a policy. */
  readonly accepts: (policyValue: string) => boolean;
}

const anything = (_policyValue: string): boolean => true;

function stringTest(compare: (value: string, policyValue: string) => boolean): ValueTest {
  return (value, policyValue, resolve) => {
    const pattern = compilePattern(policyValue, resolve);
    return pattern !== undefined && compare(value, literalPattern(pattern));
  };
}

const stringEquals = stringTest((value, policyValue) => value === policyValue);
const stringEqualsIgnoreCase = stringTest((value, policyValue) => value.toLowerCase() === policyValue.toLowerCase());
const stringLike: ValueTest = (value, policyValue, resolve) => {
  const pattern = compilePattern(policyValue, resolve);
  return pattern !== undefined && matchesPattern(pattern, value);
};
const arnLike: ValueTest = (value, policyValue, resolve) => matchesArnPattern(policyValue, value, resolve);

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));
const bool: ValueTest = (value, policyValue) => value.toLowerCase() === policyValue.toLowerCase();
const isBool = (text: string): boolean => /^(true|false)$/i.test(text);

/** Milliseconds of an ISO 8601 date or of epoch seconds, NaN for anything else. */
function dateValue(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
}

function binaryEquals(value: string, policyValue: string): boolean {
  return Buffer.from(value, 'base64').equals(Buffer.from(policyValue, 'base64'));
}

function parseCidr(
  text: string,
): { readonly address: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', bitsText] = text.split('/');
  const version = isIP(address);
  const most = version === 6 ? 128 : 32;
  const bits = bitsText === undefined ? most : /^\d{1,3}$/.test(bitsText) ? Number(bitsText) : -1;
  return version === 0 || bits < 0 || bits > most
    ? undefined
    : { address, bits, family: version === 6 ? 'ipv6' : 'ipv4' };
}

function ipAddress(value: string, policyValue: string): boolean {
  const range = parseCidr(policyValue);
  const version = isIP(value);
  if (range === undefined || version === 0) return false;
  const list = new BlockList();
  list.addSubnet(range.address, range.bits, range.family);
  return list.check(value, version === 6 ? 'ipv6' : 'ipv4');
}

function order(
  name: string,
  read: (text: string) => number,
  accepts: (text: string) => boolean,
): [string, ConditionOperator][] {
  const test =
    (compare: (value: number, policyValue: number) => boolean): ValueTest =>
    (value, policyValue) =>
      accepts(value) && compare(read(value), read(policyValue));
  const equals = test((a, b) => a === b);
  return [
    [`${name}Equals`, { negated: false, matches: equals, accepts }],
    [`${name}NotEquals`, { negated: true, matches: equals, accepts }],
    [`${name}LessThan`, { negated: false, matches: test((a, b) => a < b), accepts }],
    [`${name}LessThanEquals`, { negated: false, matches: test((a, b) => a <= b), accepts }],
    [`${name}GreaterThan`, { negated: false, matches: test((a, b) => a > b), accepts }],
    [`${name}GreaterThanEquals`, { negated: false, matches: test((a, b) => a >= b), accepts }],
  ];
}

function pair(name: string, opposite: string, matches: ValueTest, accepts = anything): [string, ConditionOperator][] {
  return [
    [name, { negated: false, matches, accepts }],
    [opposite, { negated: true, matches, accepts }],
  ];
}

/** All operators but `Null`, by their names in lower case. */
const OPERATORS: ReadonlyMap<string, ConditionOperator> = new Map(
  [
    ...pair('StringEquals', 'StringNotEquals', stringEquals),
    ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', stringEqualsIgnoreCase),
    ...pair('StringLike', 'StringNotLike', stringLike),
    ...pair('ArnEquals', 'ArnNotEquals', arnLike),
    ...pair('ArnLike', 'ArnNotLike', arnLike),
    ...pair('IpAddress', 'NotIpAddress', ipAddress, (text) => parseCidr(text) !== undefined),
    ...order('Numeric', Number, isNumber),
    ...order('Date', dateValue, (text) => !Number.isNaN(dateValue(text))),
    ['Bool', { negated: false, matches: bool, accepts: isBool }] as [string, ConditionOperator],
    ['BinaryEquals', { negated: false, matches: binaryEquals, accepts: anything }] as [string, ConditionOperator],
  ].map(([name, operator]) => [name.toLowerCase(), operator]),
);

/** The operator of that name (case does not matter), or undefined. `Null` is not among them: see `evaluateClause`. */
export function conditionOperator(name: string): ConditionOperator | undefined {
  return OPERATORS.get(name.toLowerCase());
}
