/** Messages within the copy that streams write-ahead log. */
const LOG = 0x77;
const KEEPALIVE = 0x6b;
const STATUS = 0x72;
const EPOCH_MS = 946_684_800_000;

export type StreamMessage =
  | { readonly kind: 'log'; readonly lsn: bigint; readonly bytes: Buffer }
  | { readonly kind: 'keepalive'; readonly wantsReply: boolean }
  | { readonly kind: 'other' };

export function readStreamMessage(bytes: Buffer): StreamMessage {
  if (bytes[0] === LOG) return { kind: 'log', lsn: bytes.readBigUInt64BE(1), bytes: bytes.subarray(25) };
  if (bytes[0] === KEEPALIVE) return { kind: 'keepalive', wantsReply: bytes[17] === 1 };
  return { kind: 'other' };
}

/** How far we are: the server may free what lies before `stored`. */
export function statusMessage(received: bigint, stored: bigint, now: number): Buffer {
  const message = Buffer.alloc(34);
  message[0] = STATUS;
  message.writeBigUInt64BE(received, 1);
  message.writeBigUInt64BE(stored, 9);
  message.writeBigUInt64BE(stored, 17);
  message.writeBigInt64BE(BigInt(Math.max(0, now - EPOCH_MS)) * 1000n, 25);
  return message;
}
