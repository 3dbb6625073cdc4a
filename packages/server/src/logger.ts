import { type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import type { Configuration } from './configuration/configuration-schema.ts';

export type { Logger } from 'pino';

/**
 * The process's log, on stderr: text for people or JSON lines for machines. Members that could carry secrets are cut
 * out wherever they stand, since a log is read by more people than a key.
 */
export function createLogger(configuration: Configuration['log'], name: string): Logger {
  const options = {
    name,
    level: configuration.level,
    timestamp: stdTimeFunctions.isoTime,
    redact: {
      paths: ['secretAccessKey', '*.secretAccessKey', 'sessionToken', '*.sessionToken', 'password', '*.password'],
      censor: '(not shown)',
    },
  };
  const stream =
    configuration.format === 'text'
      ? pretty({ destination: 2, colorize: process.stderr.isTTY, ignore: 'pid,hostname', sync: true })
      : process.stderr;
  return pino(options, stream);
}
