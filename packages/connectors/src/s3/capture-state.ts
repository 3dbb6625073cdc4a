import { z } from 'zod';

const captureState = z.object({
  consistentAt: z.number(),
  /** When tags and access control lists of all current versions were last asked for. */
  attributesAt: z.number(),
  /** How notifications go on from here; absent when they are not used. */
  notifications: z
    .object({
      name: z.string(),
      topicArn: z.string(),
      epoch: z.string(),
      offset: z.number(),
      /** When the whole bucket was last listed. */
      listedAt: z.number(),
      /** A listing has shown that notifications arrive. */
      isProven: z.boolean(),
    })
    .optional(),
});

/** What one backup of a bucket leaves for the next one. */
export type CaptureState = z.infer<typeof captureState>;

export function encodeState(state: CaptureState): Uint8Array {
  return Buffer.from(JSON.stringify(state), 'utf8');
}

export function decodeState(bytes: Uint8Array | undefined): CaptureState | undefined {
  if (bytes === undefined) return undefined;
  return captureState.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}
