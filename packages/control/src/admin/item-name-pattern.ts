/**
 * Whether a name is looked for: it contains the text, in any case; with `*`, which stands for any characters, the text is
 * a pattern of the whole name. Takes time in proportion to the name, whatever the pattern.
 */
export function namePattern(text: string): (name: string) => boolean {
  const [first = '', ...others] = folded(text).split('*');
  const last = others.pop();
  if (last === undefined) return (name) => folded(name).includes(first);
  return (given) => {
    const name = folded(given);
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    const end = name.length - last.length;
    let at = first.length;
    for (const part of others) {
      const found = name.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** Names that look the same are the same. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
