/** Runs a comparison away from the test runner, whose tracking of every promise would take most of the time. */
import { parentPort, workerData } from 'node:worker_threads';
import { compareWorlds } from './compare-worlds.ts';

const { seed, resources, years } = workerData as { seed: number; resources: number; years: number };
parentPort?.postMessage(await compareWorlds(seed, resources, years));
