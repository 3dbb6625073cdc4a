const TEXT = /^([\w.-]+\.\d+):(\d+):([0-9a-f]{8})$/;

/** A place in a server's binary log. */
export interface LogPosition {
  readonly file: string;
  readonly offset: number;
  /** The time in the file's first event: a log that was reset has files of the same names with other times. */
  readonly stamp: string;
}

/** As the service stores it and compares it. */
export function formatPosition({ file, offset, stamp }: LogPosition): string {
  return `${file}:${offset}:${stamp}`;
}

/** @throws Error for a text that no capture wrote */
export function parsePosition(text: string): LogPosition {
  const [, file = '', offset, stamp = ''] = TEXT.exec(text) ?? [];
  if (file === '') throw new Error(`'${text}' is no position in a binary log`);
  return { file, offset: Number(offset), stamp };
}
