/** Finds the operation of a restJson1 request by method and path. */
import { decodePercent } from '../codec/parameters.ts';
import type { Operation } from '../model/shape.ts';
import { type PatternSegment, parseUriPattern, splitPath, type UriPattern } from './uri-pattern.ts';

export interface RouteMatch {
  readonly operation: Operation;
  /** Decoded labels by member name; a label that was not given is empty. */
  readonly labels: ReadonlyMap<string, string>;
}

interface Route extends UriPattern {
  readonly operation: Operation;
}

const MAX_PATH_LENGTH = 8192;
const MAX_SEGMENTS = 128;

export class UriRouter {
  readonly #routesByMethod = new Map<string, Route[]>();

  constructor(operations: Iterable<Operation>) {
    for (const operation of operations) {
      const routes = this.#routesByMethod.get(operation.method) ?? [];
      routes.push({ operation, ...parseUriPattern(operation.uriPattern) });
      this.#routesByMethod.set(operation.method, routes);
    }
    for (const routes of this.#routesByMethod.values()) routes.sort(bySpecificity);
  }

  /**
   * @param hasQuery tells whether the request has a query parameter, with the value if one is given
   * @throws DecodeError for bad percent-encoding in a label
   */
  match(
    method: string,
    path: string,
    hasQuery: (name: string, value: string | undefined) => boolean,
  ): RouteMatch | undefined {
    if (path.length > MAX_PATH_LENGTH) return undefined;
    const segments = splitPath(path);
    if (segments.length > MAX_SEGMENTS || segments.some(isDots)) return undefined;
    const routes = (this.#routesByMethod.get(method) ?? []).filter((route) =>
      route.query.every(({ name, value }) => hasQuery(name, value)),
    );
    const match = firstMatch(routes, segments, oneSegment);
    // An empty segment stands for a label that was not given, and never for a part of an ARN.
    return match ?? (segments.includes('') ? undefined : firstMatch(routes, segments, openArn));
  }
}

/** How many segments, counted from `start`, a label may take at most. */
type Reach = (segments: readonly string[], start: number) => number;

const oneSegment: Reach = () => 1;

/** Some clients leave the slashes of an ARN as they are; what begins like an ARN may then go on over several segments. */
const openArn: Reach = (segments, start) => (/^arn(:|%3a)/i.test(segments[start] ?? '') ? segments.length - start : 1);

function firstMatch(routes: readonly Route[], segments: readonly string[], reach: Reach): RouteMatch | undefined {
  for (const route of routes) {
    const labels = new Map<string, string>();
    if (matchFrom(route.segments, 0, segments, 0, reach, labels)) return { operation: route.operation, labels };
  }
  return undefined;
}

function matchFrom(
  pattern: readonly PatternSegment[],
  patternStart: number,
  segments: readonly string[],
  start: number,
  reach: Reach,
  labels: Map<string, string>,
): boolean {
  const part = pattern[patternStart];
  if (part === undefined) return start === segments.length;
  const segment = segments[start];
  if (segment === undefined) return false;
  if (part.kind === 'literal') {
    return part.text === segment && matchFrom(pattern, patternStart + 1, segments, start + 1, reach, labels);
  }
  const most = part.isGreedy ? segments.length - start : reach(segments, start);
  for (let count = 1; count <= most; count += 1) {
    if (!matchFrom(pattern, patternStart + 1, segments, start + count, reach, labels)) continue;
    labels.set(
      part.name,
      segments
        .slice(start, start + count)
        .map(decodePercent)
        .join('/'),
    );
    return true;
  }
  return false;
}

/** More literal segments first, then query conditions, then longer patterns: the most particular route wins. */
function bySpecificity(a: Route, b: Route): number {
  const literals = (route: Route) => route.segments.filter((segment) => segment.kind === 'literal').length;
  return literals(b) - literals(a) || b.query.length - a.query.length || b.segments.length - a.segments.length;
}

/** `.` and `..` would mean another path to whoever signed it or stands between. */
function isDots(segment: string): boolean {
  return segment === '.' || segment === '..';
}
