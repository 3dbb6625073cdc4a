import { PosixError } from '../posix/posix-error.ts';
import type { PosixFiles } from '../posix/posix-files.ts';

/** A layer that fails with a given code whenever one of the names is opened or looked at, as a bad disk would. */
export function failingPosixFiles(files: PosixFiles, codes: Readonly<Record<string, string>>): PosixFiles {
  const failFor = (call: string, name: string): void => {
    const code = codes[name];
    if (code !== undefined) throw new PosixError(call, code);
  };
  return {
    ...files,
    openDirectory(parent, name) {
      failFor('open', name);
      return files.openDirectory(parent, name);
    },
    readLink(directory, name) {
      failFor('readlink', name);
      return files.readLink(directory, name);
    },
    attributes(directory, name) {
      failFor('listxattr', name);
      return files.attributes(directory, name);
    },
  };
}
