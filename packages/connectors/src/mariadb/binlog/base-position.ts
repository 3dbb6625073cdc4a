/** Where a binary log leads on from a base: a place in a file, or what a replica had got of it by then. */
export type BasePosition = LogPlace | { readonly gtid: string };

/** A place in a server's binary log. */
export interface LogPlace {
  readonly file: string;
  readonly offset: number;
}

/** Reads what the backup program writes: `<file>\t<offset>...`. */
export function positionInBinlogInfo(text: string): LogPlace | undefined {
  const [, file = '', offset] = /^(\S+)\s+(\d+)/.exec(text) ?? [];
  return file === '' ? undefined : { file, offset: Number(offset) };
}

/** Reads what the backup program writes of a replica: statements for another replica of the same primary. */
export function positionInSlaveInfo(text: string): BasePosition | undefined {
  const [, file = '', offset] = /MASTER_LOG_FILE='([\w.-]+)', MASTER_LOG_POS=(\d+)/.exec(text) ?? [];
  if (file !== '') return { file, offset: Number(offset) };
  const [, gtid] = /gtid_slave_pos\s*=\s*'([\d,\s-]*)'/.exec(text) ?? [];
  return gtid === undefined ? undefined : { gtid };
}
