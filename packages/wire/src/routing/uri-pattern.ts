/** URI patterns of restJson1: `/backup/plans/{BackupPlanId}/selections`, `{Key+}` greedy, `?literal` conditions. */

export type PatternSegment =
  | { readonly kind: 'literal'; readonly text: string }
  /** One segment; greedy ones take one or more. */
  | { readonly kind: 'label'; readonly name: string; readonly isGreedy: boolean };

export interface UriPattern {
  readonly segments: readonly PatternSegment[];
  /** Query parameters that the request must have, with a value where the pattern gives one. */
  readonly query: readonly { readonly name: string; readonly value: string | undefined }[];
}

export function parseUriPattern(pattern: string): UriPattern {
  const [path = '', query = ''] = pattern.split('?', 2);
  return {
    segments: splitPath(path).map(parseSegment),
    query: query === '' ? [] : query.split('&').map(parseCondition),
  };
}

function parseSegment(text: string): PatternSegment {
  if (!text.startsWith('{')) return { kind: 'literal', text };
  const isGreedy = text.endsWith('+}');
  return { kind: 'label', name: text.slice(1, isGreedy ? -2 : -1), isGreedy };
}

function parseCondition(text: string): { name: string; value: string | undefined } {
  const [name = '', value] = text.split('=', 2);
  return { name, value };
}

/** Segments of a path as they were sent, still percent-encoded; a trailing slash makes no difference (API2-8, API2-9). */
export function splitPath(path: string): string[] {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}
