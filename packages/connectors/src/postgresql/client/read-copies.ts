import type { Connection } from 'pg';
import { CopyFrames, type CopyPart } from './copy-frames.ts';
import { LendingSocket, type LentBytes } from './lending-socket.ts';

/** Reads of any other stream (TLS, another user's process) that may wait; each is at most 64 KiB. */
const MOST_WAITING = 64;

type DataListener = (bytes: Buffer) => void;

export interface CopyReceiver {
  /** A part of a message, as a view of a read. */
  onPart(part: CopyPart): void;
  /** The parts of a read were all handed over; it has to be given back once they have been used. */
  onRead(read: LentBytes): void;
}

/**
 * Takes the data of copies straight from the socket of a connection, past its driver, which copies everything twice. All
 * other messages go on to the driver, in their order. To be called while the server waits for a command. When too many
 * reads were not given back, no more is read.
 * @returns what ends it
 */
export function readCopies({ stream }: Connection, receiver: CopyReceiver): () => void {
  const driver = stream.listeners('data') as DataListener[];
  const frames = new CopyFrames({
    onCopyPart: (part) => receiver.onPart(part),
    onOther: (bytes) => {
      for (const listener of driver) listener(bytes);
    },
  });
  const take = (read: LentBytes): void => {
    frames.push(read.bytes);
    receiver.onRead(read);
  };
  if (stream instanceof LendingSocket) {
    stream.lendReads(take);
    return () => stream.returnReads();
  }
  let waiting = 0;
  const giveBack = (): void => {
    waiting -= 1;
    if (waiting === MOST_WAITING / 2) stream.resume();
  };
  const own: DataListener = (bytes) => {
    waiting += 1;
    if (waiting === MOST_WAITING) stream.pause();
    take({ bytes, giveBack });
  };
  for (const listener of driver) stream.off('data', listener);
  stream.on('data', own);
  return () => {
    stream.off('data', own);
    for (const listener of driver) stream.on('data', listener);
  };
}
