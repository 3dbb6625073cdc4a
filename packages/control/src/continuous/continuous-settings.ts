/** How continuous backups are kept going; each is a setting of the installation. Times in ms. */
export interface ContinuousSettings {
  /** The longest that a change at a source with a log waits until it is stored. */
  readonly lagMs: number;
  /** Between two bases of a source with versions; at most 15 minutes (BKP-47). */
  readonly refreshMs: number;
  /** How long a worker that gives no sign keeps a continuous backup. */
  readonly leaseMs: number;
  /** Between two looks for continuous backups that nobody cares for. */
  readonly pollMs: number;
  /** Log that is stored at once, at most. */
  readonly batchBytes: number;
}

export const DEFAULT_CONTINUOUS_SETTINGS: ContinuousSettings = {
  lagMs: 60_000,
  refreshMs: 300_000,
  leaseMs: 60_000,
  pollMs: 2_000,
  batchBytes: 256 * 2 ** 20,
};
