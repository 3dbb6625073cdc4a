import { S3Client } from '@aws-sdk/client-s3';
import type { S3StoreOptions } from './s3-options.ts';

const CONNECT_MS = 5_000;
const IDLE_MS = 60_000;

/**
 * One client with one connection pool. It makes a single attempt: retrying belongs to the retry decorator, which knows
 * what a lost acknowledgement means. The SDK's own checksums stay off, since each request states the one that it needs.
 */
export function s3Client(options: S3StoreOptions): S3Client {
  const agent = { keepAlive: true, maxSockets: options.maxSockets ?? 32 };
  return new S3Client({
    region: options.region,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    forcePathStyle: options.pathStyle ?? options.endpoint !== undefined,
    requestHandler: {
      httpAgent: agent,
      httpsAgent: agent,
      connectionTimeout: CONNECT_MS,
      socketTimeout: IDLE_MS,
      socketAcquisitionWarningTimeout: 2 ** 30,
    },
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });
}
