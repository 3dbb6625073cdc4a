import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Gives SQL to a database's own client, without blocking this process, in which Holdfast's server may run.
 * @returns what it printed
 * @throws Error with what it complained about
 */
export async function runClient(program: string, args: readonly string[], text: string): Promise<string> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let [out, complaint] = ['', ''];
  child.stdout.on('data', (part: Buffer) => {
    out += part.toString();
  });
  child.stderr.on('data', (part: Buffer) => {
    complaint += part.toString();
  });
  // A client that gives up early closes its input: its words tell why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(text);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} failed: ${complaint}`);
  return out.trimEnd();
}
