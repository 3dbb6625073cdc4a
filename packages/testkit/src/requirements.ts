import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';

/** The full path of a program on PATH or in one of the extra directories; undefined when it is not installed. */
export function findProgram(name: string, extraDirectories: readonly string[] = []): string | undefined {
  const directories = [...extraDirectories, ...(process.env.PATH ?? '').split(delimiter)];
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Skips the test with a reason when a program is missing. In CI (HOLDFAST_NO_SKIPS=1) a missing program is an error,
 * since CI must install it.
 * @returns the program's path, or undefined when the test was skipped and must return at once
 */
export function requireProgram(
  t: Pick<TestContext, 'skip'>,
  name: string,
  extraDirectories: readonly string[] = [],
): string | undefined {
  const program = findProgram(name, extraDirectories);
  if (program !== undefined) return program;
  const reason = `${name} is not installed`;
  if (process.env.HOLDFAST_NO_SKIPS === '1') throw new Error(`${reason}, and CI must have it`);
  t.skip(reason);
  return undefined;
}
