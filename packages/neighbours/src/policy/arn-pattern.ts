import { compileParts, compilePattern, matchesPattern, type VariableResolver } from './wildcard-pattern.ts';

const PARTS = 6;

/**
 * Whether an ARN matches a pattern, part by part: a wildcard never reaches over one of the first five colons, the
 * last part is one text. A lone `*` matches everything.
 */
export function matchesArnPattern(pattern: string, arn: string, resolve?: VariableResolver): boolean {
  if (pattern === '*') return true;
  const parts = compileParts(pattern, resolve, ':', PARTS);
  if (parts === undefined || parts.length < PARTS) return false;
  const values = splitArn(arn);
  return values !== undefined && parts.every((part, index) => matchesPattern(part, values[index] ?? ''));
}

/**
 * As `matchesArnPattern`, with the rule of the `Resource` element that missing parts at the end mean `*`. A pattern that
 * is short in the middle, as `arn:aws:ec2:*:snapshot/*` of COPY-39, is compared as one text. A request on no resource in
 * particular has the resource `*`, which only the pattern `*` matches.
 */
export function matchesResourcePattern(pattern: string, resource: string, resolve?: VariableResolver): boolean {
  if (pattern === '*') return true;
  if (resource === '*') return false;
  const missing = PARTS - (compileParts(pattern, resolve, ':', PARTS)?.length ?? PARTS);
  if (matchesArnPattern(pattern + ':*'.repeat(missing), resource, resolve)) return true;
  const whole = missing === 0 ? undefined : compilePattern(pattern, resolve);
  return whole !== undefined && matchesPattern(whole, resource);
}

function splitArn(arn: string): readonly string[] | undefined {
  const [scheme, partition, service, region, accountId, ...rest] = arn.split(':');
  if (rest.length === 0) return undefined;
  return [scheme ?? '', partition ?? '', service ?? '', region ?? '', accountId ?? '', rest.join(':')];
}
