import { readFileSync } from 'node:fs';

/** What every system allows at the least. */
const ALWAYS_ALLOWED = 256;

/** How many files this process may hold open at a time. */
export function openFileLimit(): number {
  const soft = /^Max open files\s+(\d+)/m.exec(readLimits())?.[1];
  return soft === undefined ? ALWAYS_ALLOWED : Number(soft);
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    // Only Linux has this file; the safe number holds elsewhere.
    return '';
  }
}
