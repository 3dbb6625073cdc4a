/** Holds the licences of everything installed against a short allow-list, and the lock file free of any host name. */
import { existsSync, readFileSync } from 'node:fs';

const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'MPL-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
]);

interface LockEntry {
  readonly license?: string;
  readonly link?: boolean;
  readonly resolved?: string;
}

/** `A OR B` is fine when one side is; `A AND B` when both are. */
function isAllowed(expression: string): boolean {
  const plain = expression.replace(/[()]/g, '');
  if (plain.includes(' OR ')) return plain.split(' OR ').some(isAllowed);
  if (plain.includes(' AND ')) return plain.split(' AND ').every(isAllowed);
  return ALLOWED.has(plain.trim());
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockEntry> };
const problems: string[] = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  if (!path.includes('node_modules/') || entry.link === true) continue;
  if (entry.resolved?.startsWith('http')) problems.push(`${path}: package-lock.json records a host`);
  const manifest = `${path}/package.json`;
  const installed = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as { license?: string })
    : undefined;
  const licence = installed?.license ?? entry.license;
  // A platform package that this machine does not install is covered by its twin that it does.
  if (licence === undefined && installed === undefined) continue;
  if (licence === undefined || !isAllowed(licence))
    problems.push(`${path}: licence ${licence ?? 'missing'} is not on the list`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
