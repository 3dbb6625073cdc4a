import type { SoakFile } from './soak-content.ts';
import type { SoakImage } from './soak-image.ts';

/** What a recovery point of the soak must give back. */
export type SoakContent =
  | { readonly kind: 'tree'; readonly files: readonly SoakFile[] }
  | { readonly kind: 'image'; readonly image: SoakImage };

/** Which of the two vaults under soak. */
export type SoakSide = 0 | 1;

export function otherSide(side: SoakSide): SoakSide {
  return side === 0 ? 1 : 0;
}

/** A recovery point as the journal knows it. */
export interface SoakPoint {
  readonly id: string;
  readonly side: SoakSide;
  readonly content: SoakContent;
  /** How often its deletion was asked for and neither confirmed nor refused: it may be gone. */
  readonly deletions: number;
  /** Legal holds that were acknowledged and that nobody has begun to release. */
  readonly holds: readonly string[];
  /** Holds whose placing or releasing was begun: they may stand. */
  readonly doubtfulHolds: readonly string[];
  /** End of the longest compliance lock that was acknowledged; 0 when there was none. */
  readonly lockedUntilAt: number;
}

/** Whether a recovery point must be there, whatever was begun on it. */
export function mustStand({ deletions, holds, lockedUntilAt }: SoakPoint, now: number): boolean {
  return deletions === 0 || holds.length > 0 || lockedUntilAt > now;
}
