/** Prints what a backup of the directory named on the command line sees, as JSON; for tests in a namespace of their own. */
import { keyOf } from '../../sdk/v1/testing.ts';
import { openPosixFiles } from '../posix/open-posix-files.ts';
import { TreeWalk } from '../walk-tree.ts';

const [rootPath = '', oneFileSystem = 'true'] = process.argv.slice(2);
const { files } = openPosixFiles();
const walk = new TreeWalk(files.openPath(rootPath), {
  files,
  rootPath,
  excludes: undefined,
  oneFileSystem: oneFileSystem === 'true',
  ownDirectories: new Set(),
  limitation: undefined,
});
const lines: string[] = [];
for await (const entry of walk.entries(new AbortController().signal)) {
  lines.push('item' in entry ? keyOf(entry.item.path) : `${keyOf(entry.issue.path)} ${entry.issue.code}`);
}
console.log(JSON.stringify(lines));
