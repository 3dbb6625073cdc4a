/** How content is cut (docs/format/chunking.md); kept in every recovery point. */
export interface ChunkParameters {
  readonly min: number;
  /** A power of two. */
  readonly avg: number;
  readonly max: number;
  /** Items below this size share streams with their neighbours. */
  readonly smallBytes: number;
}

export const DEFAULT_CHUNKING: ChunkParameters = {
  min: 262_144,
  avg: 1_048_576,
  max: 4_194_304,
  smallBytes: 262_144,
};
