/** Rounds of backups and restores of one database server by several tools, in turn, on the same data. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Measurement, measure, median, type Program } from './measure.ts';

const STEPS = ['full backup', 'after 1 % change', 'restore'] as const;
type Step = (typeof STEPS)[number];

/** A tool that backs a database server up. */
export interface DatabaseTool {
  readonly name: string;
  prepare(): Promise<void>;
  full(): Program;
  again(): Program;
  restore(): Program;
  afterRestore(): Promise<void>;
}

export interface DatabaseRounds {
  readonly tools: readonly DatabaseTool[];
  readonly rounds: number;
  /** Where the figures are kept, as `<name>.json`. */
  readonly directory: string;
  readonly name: string;
  /** Brings the files of the server to rest. */
  settle(): Promise<void>;
  /** Changes 1 % of the rows, and brings the files to rest. */
  change(round: number): Promise<void>;
}

type Results = ReadonlyMap<string, Map<Step, Measurement[]>>;

/** Runs all rounds, prints the medians with their ratios, and keeps them. */
export async function runDatabaseRounds(options: DatabaseRounds): Promise<void> {
  const results: Results = new Map(options.tools.map(({ name }) => [name, new Map<Step, Measurement[]>()]));
  for (let round = 1; round <= options.rounds; round += 1) await oneRound(options, results, round);
  print(results, options);
}

async function oneRound({ tools, settle, change }: DatabaseRounds, results: Results, round: number): Promise<void> {
  const note = async (tool: DatabaseTool, step: Step, program: Program): Promise<void> => {
    execFileSync('sync');
    const steps = results.get(tool.name);
    steps?.set(step, [...(steps.get(step) ?? []), await measure(program)]);
  };
  await settle();
  for (const tool of tools) {
    await tool.prepare();
    await note(tool, 'full backup', tool.full());
  }
  await change(round);
  for (const tool of tools) await note(tool, 'after 1 % change', tool.again());
  for (const tool of tools) {
    await note(tool, 'restore', tool.restore());
    await tool.afterRestore();
  }
}

/** Holdfast, in processes of its own, with a vault below the directory. */
export function holdfastTool(
  kind: 'mariadb' | 'postgresql',
  settings: Readonly<Record<string, unknown>>,
  directory: string,
): DatabaseTool {
  const repository = join(directory, 'holdfast');
  const program = (command: string, run: string): Program => ({
    command: [
      process.execPath,
      join(import.meta.dirname, 'database-process.ts'),
      ...[command, repository, kind, JSON.stringify(settings), join(directory, 'restored'), run],
    ],
  });
  return {
    name: 'holdfast',
    async prepare() {
      rmSync(repository, { recursive: true, force: true });
      await measure(program('init', '1'));
    },
    full: () => program('backup', '1'),
    again: () => program('backup', '2'),
    restore: () => program('restore', '2'),
    async afterRestore() {
      await measure(program('remove', readFileSync(join(repository, 'restored'), 'utf8')));
    },
  };
}

function print(results: Results, { directory, name }: DatabaseRounds): void {
  const report: Record<string, Record<string, unknown>> = {};
  for (const step of STEPS) {
    const own = median((results.get('holdfast')?.get(step) ?? []).map(({ seconds }) => seconds));
    for (const [tool, steps] of results) {
      const values = steps.get(step) ?? [];
      const value = median(values.map(({ seconds }) => seconds));
      const peakMiB = Math.max(...values.map((each) => each.peakMiB));
      const compared = tool === 'holdfast' ? '' : `  holdfast/${tool} = ${(own / value).toFixed(2)}`;
      console.log(
        `  ${step.padEnd(17)} ${tool.padEnd(14)} ${value.toFixed(2).padStart(8)} s  peak ${peakMiB.toFixed(0)} MiB${compared}`,
      );
      report[step] = {
        ...report[step],
        [tool]: { median: value, values: values.map(({ seconds }) => seconds), peakMiB },
      };
    }
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}
