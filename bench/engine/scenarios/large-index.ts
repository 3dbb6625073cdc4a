/**
 * Memory of a backup into a vault whose index is that of 100 TiB: made-up segments are put into a real vault, then a
 * process of its own opens it, looks up chunks and backs up.
 *
 *   node large-index.ts <directory> <TiB>
 */
import { join } from 'node:path';
import { createRepository, type ItemEntry, openRepository } from '@holdfast/engine';
import { addSyntheticIndex } from '@holdfast/engine/testing';
import { SeededRandom } from '../../datasets/random.ts';
import { report } from '../../report.ts';
import { benchRepository, peakMiB } from './bench-repository.ts';

const ITEMS = 200;
const ITEM_BYTES = 400_000;
const [directory = '', tebibytes = '100'] = process.argv.slice(2);
