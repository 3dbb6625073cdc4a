/** Whether a text matches; made once per pattern, asked for every resource. */
export type TextMatcher = (text: string) => boolean;

export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*');
}

/** `*` stands for zero or more characters other than white space, anywhere in the pattern (PLAN-114). */
export function wildcardMatcher(pattern: string): TextMatcher {
  if (!hasWildcard(pattern)) return (text) => text === pattern;
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop() ?? '';
  return (text) => {
    if (!text.startsWith(head) || text.length < head.length + tail.length || !text.endsWith(tail)) return false;
    const end = text.length - tail.length;
    let at = head.length;
    for (const part of rest) {
      // The first place is as good as any later one: each `*` reaches to the next white space and no further.
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end || hasSpace(text, at, found)) return false;
      at = found + part.length;
    }
    return !hasSpace(text, at, end);
  };
}

function hasSpace(text: string, from: number, to: number): boolean {
  return to > from && /\s/.test(text.slice(from, to));
}
