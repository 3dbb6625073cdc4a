/**
 * The engine beside its peers: `npm run bench -- engine [--rounds 5] [--mib 2048] [--files 100000] [--only mixed,small]`.
 *
 * Every tool does the same steps on the same data in the same run, the tools in turn within each round, so that a drift
 * of the machine's speed meets all of them. Medians are printed, with ratios to each peer.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, mixed, smallFiles } from '../datasets/datasets.ts';
import { type Measurement, measure, median } from '../measure.ts';
import { type Figure, report } from '../report.ts';
import { GOALS, type Step } from './goals.ts';
import { holdfast } from './holdfast.ts';
import { type BackupTool, installedPeers } from './peers.ts';

export interface EngineBenchOptions {
  readonly directory: string;
  readonly rounds: number;
  readonly mib: number;
  readonly files: number;
  readonly only: readonly string[];
}

const STEPS: readonly Step[] = ['first backup', 'unchanged', 'unchanged, reread', 'restore', 'restore, synced'];
type Results = Map<string, Map<Step, Measurement[]>>;

export async function benchEngine(options: EngineBenchOptions): Promise<void> {
  const { tools: peers, missing } = installedPeers();
  const tools = [holdfast(), ...peers];
  for (const name of missing) console.log(`${name} is not installed and is left out`);
  mkdirSync(options.directory, { recursive: true });
  const datasets = [
    ...(options.only.includes('mixed') ? [mixed(options.directory, options.mib)] : []),
    ...(options.only.includes('small') ? [smallFiles(options.directory, options.files)] : []),
  ];
  const results: Record<string, unknown> = {};
  const figures: Figure[] = [];
  for (const dataset of datasets) {
    const measured: Results = new Map(tools.map((tool) => [tool.name, new Map()]));
    inCache(dataset);
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const tool of tools) await oneRound(options.directory, dataset, tool, measured);
    }
    await copyBaseline(options, dataset, measured);
    results[dataset.name] = print(dataset, measured);
    figures.push(...figuresOf(dataset, measured));
  }
  report(options.directory, 'engine', figures);
  writeFileSync(join(options.directory, 'engine.json'), `${JSON.stringify(results, null, 2)}\n`);
}

/** Or the first tool alone would pay for reading the disk. */
function inCache({ path }: Dataset): void {
  execFileSync('find', [path, '-type', 'f', '-exec', 'cat', '{}', '+'], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function oneRound(directory: string, dataset: Dataset, tool: BackupTool, results: Results): Promise<void> {
  const repository = join(directory, `repository-${tool.name.replace('|', '-')}`);
  const target = join(directory, 'target');
  const clean = (): void => {
    for (const path of [
      repository,
      `${repository}.cache`,
      `${repository}.base`,
      `${repository}.zst`,
      `${repository}.kopia`,
      target,
    ]) {
      rmSync(path, { recursive: true, force: true });
    }
  };
  clean();
  const init = tool.init(repository);
  if (init !== undefined) await measure(init);
  const note = (step: Step, value: Measurement): void => {
    const byStep = results.get(tool.name);
    byStep?.set(step, [...(byStep.get(step) ?? []), value]);
  };
  note('first backup', await settled(() => measure(tool.backup(repository, dataset.path, 1, false))));
  if (tool.keepsHistory) {
    note('unchanged', await settled(() => measure(tool.backup(repository, dataset.path, 2, false))));
    note('unchanged, reread', await settled(() => measure(tool.backup(repository, dataset.path, 3, true))));
  }
  note('stored MiB', {
    seconds: storedMiB(tool.keepsHistory ? repository : `${repository}.zst`),
    peakMiB: 0,
    stdout: '',
  });
  mkdirSync(target, { recursive: true });
  const restored = await settled(() => measure(tool.restore(repository, target)));
  note('restore', restored);
  note('restore, synced', await synced(restored, target));
  clean();
}

/** Nobody pays for the dirty pages of the step before. */
async function settled(step: () => Promise<Measurement>): Promise<Measurement> {
  execFileSync('sync');
  return step();
}

/** What a restore takes until its files are on the disk, which only Holdfast waits for by itself. */
async function synced(restored: Measurement, target: string): Promise<Measurement> {
  const { seconds } = await measure({ command: ['sync', '-f', target] });
  return { ...restored, seconds: restored.seconds + seconds };
}

function storedMiB(path: string): number {
  return Number(execFileSync('du', ['-sk', path], { encoding: 'utf8' }).split('\t')[0]) / 1024;
}

async function copyBaseline(
  { directory, rounds }: EngineBenchOptions,
  dataset: Dataset,
  results: Results,
): Promise<void> {
  const target = join(directory, 'target');
  const times: Measurement[] = [];
  const syncedTimes: Measurement[] = [];
  for (let round = 0; round < rounds; round += 1) {
    rmSync(target, { recursive: true, force: true });
    const copied = await settled(() => measure({ command: ['cp', '-r', dataset.path, target] }));
    times.push(copied);
    syncedTimes.push(await synced(copied, target));
  }
  rmSync(target, { recursive: true, force: true });
  results.set(
    'cp -r',
    new Map<Step, Measurement[]>([
      ['restore', times],
      ['restore, synced', syncedTimes],
    ]),
  );
}

function print(dataset: Dataset, results: Results): Record<string, Record<string, unknown>> {
  console.log(`\n${dataset.name}: ${dataset.files} files, ${Math.round(dataset.bytes / 2 ** 20)} MiB`);
  const printed: Record<string, Record<string, unknown>> = {};
  for (const step of [...STEPS, 'stored MiB'] satisfies Step[]) {
    const own = results.get('holdfast')?.get(step);
    for (const [tool, steps] of results) {
      const values = steps.get(step);
      if (values === undefined) continue;
      const value = median(values.map(({ seconds }) => seconds));
      const peakMiB = Math.max(...values.map((each) => each.peakMiB));
      const ratio = own === undefined ? Number.NaN : median(own.map(({ seconds }) => seconds)) / value;
      const unit = step === 'stored MiB' ? 'MiB' : 's';
      const memory = step === 'stored MiB' ? '' : `  peak ${peakMiB.toFixed(0)} MiB`;
      const compared = tool === 'holdfast' ? '' : `  holdfast/${tool} = ${ratio.toFixed(2)}`;
      console.log(`  ${step.padEnd(18)} ${tool.padEnd(9)} ${value.toFixed(2).padStart(8)} ${unit}${memory}${compared}`);
      printed[step] = {
        ...printed[step],
        [tool]: { median: value, values: values.map(({ seconds }) => seconds), peakMiB },
      };
    }
  }
  return printed;
}

function medianOf(results: Results, tool: string, step: Step): number | undefined {
  const values = results.get(tool)?.get(step);
  return values === undefined ? undefined : median(values.map(({ seconds }) => seconds));
}

/** Holdfast by each peer, with the goal where there is one, and the most memory of all steps. */
function figuresOf(dataset: Dataset, results: Results): readonly Figure[] {
  const kind = dataset.name.startsWith('small') ? 'small' : 'mixed';
  const figures: Figure[] = [];
  for (const step of [...STEPS, 'stored MiB'] satisfies Step[]) {
    const own = medianOf(results, 'holdfast', step);
    if (own === undefined) continue;
    for (const tool of results.keys()) {
      const peer = tool === 'holdfast' ? undefined : medianOf(results, tool, step);
      if (peer === undefined) continue;
      const goal = GOALS[kind][step]?.[tool];
      const scenario = `${dataset.name}, ${step}`;
      figures.push({
        scenario,
        name: `by ${tool}`,
        value: own / peer,
        unit: 'x',
        ...(goal === undefined ? {} : { goal }),
      });
    }
  }
  const steps = [...(results.get('holdfast')?.values() ?? [])].flat();
  const value = Math.max(...steps.map(({ peakMiB }) => peakMiB));
  return [...figures, { scenario: dataset.name, name: 'peak memory', value, unit: 'MiB', goal: 512 }];
}
