/** Figures of one run: printed beside their goals, kept as JSON, and joined into the table that README.md shows. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

export interface Figure {
  readonly scenario: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The value must not be above this. */
  readonly goal?: number;
}

/** How a figure stands to its goal, in a word. */
export function verdict({ value, goal }: Figure): string {
  if (goal === undefined) return '';
  return value <= goal ? 'reached' : 'missed';
}

function numberText(value: number): string {
  if (value !== 0 && Math.abs(value) < 10) return value.toFixed(2);
  return Math.round(value).toLocaleString('en-US');
}

/** Prints figures and keeps them under the name of their benchmark. */
export function report(directory: string, benchmark: string, figures: readonly Figure[]): void {
  mkdirSync(directory, { recursive: true });
  for (const figure of figures) {
    const goal = figure.goal === undefined ? '' : `  goal ${numberText(figure.goal)}: ${verdict(figure)}`;
    console.log(`  ${figure.scenario}: ${figure.name} ${numberText(figure.value)} ${figure.unit}${goal}`);
  }
  writeFileSync(join(directory, `${benchmark}.figures.json`), `${JSON.stringify(figures, null, 2)}\n`);
}

/** The table of all benchmarks that ran in `directory`, to be pasted into README.md. */
export function summary(directory: string): string {
  const figures = readdirSync(directory)
    .filter((name) => name.endsWith('.figures.json'))
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as Figure[]);
  const [processor] = cpus();
  const machine = `${cpus().length} x ${processor?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}`;
  const rows = figures.map((figure) => {
    const goal = figure.goal === undefined ? '' : numberText(figure.goal);
    return `| ${figure.scenario} | ${figure.name} | ${numberText(figure.value)} ${figure.unit} | ${goal} | ${verdict(figure)} |`;
  });
  return [machine, '', '| Scenario | Figure | Value | Goal | |', '|---|---|---|---|---|', ...rows, ''].join('\n');
}
