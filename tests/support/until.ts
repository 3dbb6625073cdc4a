import { setTimeout as sleep } from 'node:timers/promises';

/** Looks every 100 ms, at most `rounds` times, until there is something to see. @throws Error that names what did not come */
export async function until<T>(look: () => Promise<T | undefined>, what: string, rounds: number): Promise<T> {
  for (let round = 0; round < rounds; round += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error(`${what} did not happen`);
}
