import { ConnectorError } from '../../sdk/v1/connector-error.ts';

/** A place in the log of a cluster: log sequence numbers mean nothing without cluster and timeline. */
export interface WalPosition {
  readonly systemId: string;
  readonly timeline: number;
  readonly lsn: bigint;
}

/** `7301234567890123456/1/0/3000060`, as captured segments carry it. */
export function formatPosition({ systemId, timeline, lsn }: WalPosition): string {
  return `${systemId}/${timeline}/${formatLsn(lsn)}`;
}

/** @throws ConnectorError `log-broken` for what is none: whoever stored it did not get it from here */
export function parsePosition(text: string): WalPosition {
  const [systemId = '', timeline = '', high = '', low = ''] = text.split('/');
  if (!/^\d+$/.test(systemId) || !/^\d+$/.test(timeline) || !/^[0-9A-F]+$/i.test(high) || !/^[0-9A-F]+$/i.test(low)) {
    throw new ConnectorError('log-broken', `'${text}' is no position in a log of PostgreSQL.`);
  }
  return { systemId, timeline: Number(timeline), lsn: parseLsn(`${high}/${low}`) };
}

/** `0/3000060` as a number. */
export function parseLsn(text: string): bigint {
  const [high = '0', low = '0'] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

export function formatLsn(lsn: bigint): string {
  const hex = (value: bigint): string => value.toString(16).toUpperCase();
  return `${hex(lsn >> 32n)}/${hex(lsn & 0xffff_ffffn)}`;
}

/** The name of the file that holds a place, for example `000000010000000000000003`. */
export function segmentFileName(timeline: number, lsn: bigint, segmentBytes: number): string {
  const segment = lsn / BigInt(segmentBytes);
  const perLog = 0x1_0000_0000n / BigInt(segmentBytes);
  const hex = (value: bigint | number): string => value.toString(16).toUpperCase().padStart(8, '0');
  return hex(timeline) + hex(segment / perLog) + hex(segment % perLog);
}

export function historyFileName(timeline: number): string {
  return `${timeline.toString(16).toUpperCase().padStart(8, '0')}.history`;
}

export function segmentStart(lsn: bigint, segmentBytes: number): bigint {
  return lsn - (lsn % BigInt(segmentBytes));
}
