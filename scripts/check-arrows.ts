/**
 * Holds the arrows between packages (the picture is in README.md): who may import whom, and only through a package's
 * declared entry points; every import of another package is declared in the package's own manifest, and every
 * declared one is used.
 */
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  engine: [],
  catalog: ['control', 'jobs', 'engine', 'neighbours'],
  jobs: [],
  wire: [],
  connectors: ['engine'],
  neighbours: ['wire'],
  control: ['wire', 'jobs', 'connectors', 'engine', 'neighbours'],
  gateway: ['wire'],
  console: [],
  server: ['engine', 'catalog', 'jobs', 'wire', 'connectors', 'neighbours', 'control', 'gateway'],
  cli: ['engine', 'catalog', 'jobs', 'wire', 'connectors', 'neighbours', 'control', 'gateway', 'server'],
  testkit: [],
};

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;
const problems: string[] = [];
const manifests = new Map<string, Manifest>();
for (const file of globSync('packages/*/package.json')) {
  manifests.set(file.split('/')[1] ?? '', JSON.parse(readFileSync(file, 'utf8')) as Manifest);
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

for (const [name, manifest] of manifests) {
  const declared = { ...manifest.dependencies, ...manifest.devDependencies };
  const used = new Set<string>();
  for (const file of globSync(`packages/${name}/src/**/*.{ts,tsx}`)) {
    const isTest = /\.test\.tsx?$|\/testing(\.ts|\/)/.test(file);
    for (const match of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const specifier = match[1] ?? match[2] ?? match[3] ?? '';
      checkImport(name, file, isTest, specifier, declared, used);
    }
  }
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (!used.has(dependency))
      problems.push(`packages/${name}/package.json declares ${dependency} and never imports it`);
  }
}

function checkImport(
  name: string,
  file: string,
  isTest: boolean,
  specifier: string,
  declared: Readonly<Record<string, string>>,
  used: Set<string>,
): void {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return;
  if (specifier.startsWith('.')) {
    const levels = specifier.split('/').filter((part) => part === '..').length;
    const depth = file.split('/').length - 3;
    if (levels > depth) problems.push(`${file} reaches out of its package: ${specifier}`);
    return;
  }
  const target = packageOf(specifier);
  used.add(target);
  if (!target.startsWith('@holdfast/')) {
    if (!(target in declared)) {
      problems.push(`${file} imports ${target}, which packages/${name}/package.json does not declare`);
    }
    return;
  }
  const room = target.slice('@holdfast/'.length);
  if (room === name) return;
  const allowed = isTest && room === 'testkit' ? true : (ALLOWED[name] ?? []).includes(room);
  if (!allowed) problems.push(`${file}: ${name} may not know ${room}`);
  const entry = `.${specifier.slice(target.length)}`;
  if (!(entry in (manifests.get(room)?.exports ?? {}))) problems.push(`${file}: ${specifier} is not an entry point`);
  if (!(target in declared)) problems.push(`${file} imports ${target}, undeclared in packages/${name}/package.json`);
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
