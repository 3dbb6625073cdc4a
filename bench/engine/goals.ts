/** What the engine's time, or stored size, by that of a peer must not exceed. */
export type Step = 'first backup' | 'unchanged' | 'unchanged, reread' | 'restore' | 'restore, synced' | 'stored MiB';

type GoalsOfDataset = Partial<Record<Step, Readonly<Record<string, number>>>>;

const EITHER: GoalsOfDataset = {
  unchanged: { restic: 1, borg: 1 },
  'unchanged, reread': { restic: 0.35 },
  'stored MiB': { restic: 1, borg: 1 },
};

export const GOALS: Readonly<Record<'mixed' | 'small', GoalsOfDataset>> = {
  mixed: {
    ...EITHER,
    'first backup': { restic: 0.4, borg: 0.55, 'tar|zstd': 1.1 },
    restore: { restic: 0.6, 'cp -r': 1.3 },
    'restore, synced': { restic: 0.6, 'cp -r': 1.3 },
  },
  small: {
    ...EITHER,
    'first backup': { restic: 0.5, borg: 0.7 },
    restore: { restic: 0.6 },
    'restore, synced': { restic: 0.6 },
  },
};
