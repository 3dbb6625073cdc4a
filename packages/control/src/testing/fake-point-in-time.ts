import { ConnectorError } from '@holdfast/connectors';
import type { ConnectorDescriptor } from '@holdfast/connectors/sdk';

/** `RestoreTime` or `UseLatestRestorableTime` of restore metadata, as database connectors read them. */
export const restoreTime: NonNullable<ConnectorDescriptor['restoreTime']> = (metadata) => {
  if (metadata.UseLatestRestorableTime === 'true') return 'latest';
  if (metadata.RestoreTime === undefined) return undefined;
  const at = Date.parse(metadata.RestoreTime);
  if (Number.isNaN(at)) throw new ConnectorError('invalid-request', `RestoreTime ${metadata.RestoreTime} is no time.`);
  return at;
};

/** The whole of a stream as text. */
export async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts).toString();
}
