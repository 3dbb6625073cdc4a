import { parseConditions } from './parse-conditions.ts';
import { parsePrincipals } from './parse-principals.ts';
import {
  MalformedPolicyError,
  type PatternSet,
  type PolicyDocument,
  type PolicyKind,
  type PolicyStatement,
  type PolicyVersion,
} from './policy-document.ts';

const DOCUMENT_ELEMENTS = new Set(['Version', 'Id', 'Statement']);
const STATEMENT_ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads and checks a policy document (IAM-19). `kind` decides which elements belong: identity and service control
 * policies name resources and no principal, resource policies name both, trust policies name a principal and no
 * resource. Throws `MalformedPolicyError`.
 */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  const document = asObject(parseJson(text), 'The policy');
  refuseUnknown(document, DOCUMENT_ELEMENTS, 'policy');
  const statements = oneOrMany(document['Statement']);
  if (statements.length === 0) throw new MalformedPolicyError('Syntax errors in policy: it has no Statement.');
  const parsed = statements.map((statement) => parseStatement(asObject(statement, 'A Statement'), kind));
  refuseRepeatedSids(parsed);
  return { version: parseVersion(document['Version']), id: optionalText(document['Id'], 'Id'), statements: parsed };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedPolicyError('Syntax errors in policy: it is not valid JSON.', { cause: error });
  }
}

function parseVersion(value: unknown): PolicyVersion {
  if (value === undefined) return '2008-10-17';
  if (value === '2008-10-17' || value === '2012-10-17') return value;
  throw new MalformedPolicyError('The policy must contain a valid version string.');
}

function parseStatement(statement: JsonObject, kind: PolicyKind): PolicyStatement {
  refuseUnknown(statement, STATEMENT_ELEMENTS, 'Statement');
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') throw new MalformedPolicyError('Effect must be Allow or Deny.');
  return {
    sid: parseSid(statement['Sid'], kind),
    effect,
    principals: principalsOf(statement, kind),
    actions: parseActions(statement),
    resources: resourcesOf(statement, kind),
    conditions: parseConditions(statement['Condition']),
  };
}

function parseSid(value: unknown, kind: PolicyKind): string | undefined {
  const sid = optionalText(value, 'Sid');
  if (sid !== undefined && kind === 'identity' && !/^[0-9A-Za-z]*$/.test(sid)) {
    throw new MalformedPolicyError(
      `Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]* (${sid})`,
    );
  }
  return sid === '' ? undefined : sid;
}

function principalsOf(statement: JsonObject, kind: PolicyKind): PolicyStatement['principals'] {
  const has = 'Principal' in statement || 'NotPrincipal' in statement;
  if (kind === 'identity' || kind === 'service-control') {
    if (has) throw new MalformedPolicyError('Policy document should not specify a principal.');
    return undefined;
  }
  if (!has) throw new MalformedPolicyError('Missing required field Principal');
  if ('NotPrincipal' in statement && (kind === 'trust' || 'Principal' in statement)) {
    throw new MalformedPolicyError('Has prohibited field NotPrincipal');
  }
  return 'Principal' in statement
    ? { negated: false, entries: parsePrincipals(statement['Principal']) }
    : { negated: true, entries: parsePrincipals(statement['NotPrincipal']) };
}

function parseActions(statement: JsonObject): PatternSet {
  const actions = patternsOf(statement, 'Action', 'NotAction');
  if (actions === undefined) throw new MalformedPolicyError('Policy statement must contain actions.');
  for (const action of actions.patterns) {
    if (action !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
      throw new MalformedPolicyError(
        `Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. (${action})`,
      );
    }
  }
  return actions;
}

function resourcesOf(statement: JsonObject, kind: PolicyKind): PatternSet | undefined {
  const resources = patternsOf(statement, 'Resource', 'NotResource');
  if (kind === 'trust') {
    if (resources !== undefined) throw new MalformedPolicyError('Has prohibited field Resource');
    return undefined;
  }
  if (resources === undefined) throw new MalformedPolicyError('Policy statement must contain resources.');
  const bad = resources.patterns.find((resource) => resource !== '*' && !resource.startsWith('arn:'));
  if (bad !== undefined) throw new MalformedPolicyError(`Resource ${bad} must be in ARN format or "*".`);
  return resources;
}

function patternsOf(statement: JsonObject, name: string, negation: string): PatternSet | undefined {
  if (name in statement && negation in statement) {
    throw new MalformedPolicyError(`Syntax errors in policy: a Statement has both ${name} and ${negation}.`);
  }
  const negated = negation in statement;
  const patterns = oneOrMany(statement[negated ? negation : name]);
  if (patterns.length === 0) return undefined;
  return {
    negated,
    patterns: patterns.map((pattern) => {
      if (typeof pattern === 'string' && pattern !== '') return pattern;
      throw new MalformedPolicyError(`Syntax errors in policy: ${negated ? negation : name} must hold texts.`);
    }),
  };
}

function refuseRepeatedSids(statements: readonly PolicyStatement[]): void {
  const seen = new Set<string>();
  for (const { sid } of statements) {
    if (sid === undefined) continue;
    if (seen.has(sid)) {
      throw new MalformedPolicyError(`Statement IDs (SID) in a single policy must be unique. (${sid})`);
    }
    seen.add(sid);
  }
}

function refuseUnknown(object: JsonObject, known: ReadonlySet<string>, what: string): void {
  const unknown = Object.keys(object).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new MalformedPolicyError(`Syntax errors in policy: a ${what} has no element named ${unknown}.`);
  }
}

function asObject(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedPolicyError(`Syntax errors in policy: ${what} must be an object.`);
  }
  return value as JsonObject;
}

function optionalText(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new MalformedPolicyError(`Syntax errors in policy: ${name} must be a text.`);
}

function oneOrMany(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
