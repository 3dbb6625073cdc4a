import { isAbsolute } from 'node:path';
import { z } from 'zod';

const absolutePath = z
  .string()
  .min(1)
  .refine((path) => isAbsolute(path), 'must be an absolute path')
  .refine((path) => !path.includes('\0'), 'must not contain a NUL character');

/** Text that goes into option files: a line break would begin another option. */
const oneLine = z
  .string()
  .min(1)
  .regex(/^[^\r\n\0]+$/, 'must be one line');

const common = {
  user: oneLine.default('root'),
  /** A secret reference (`env:NAME`, `file:PATH`); absent for authentication by unix socket or without a password. */
  password: z.string().min(1).optional(),
  /** `require` encrypts without looking at the certificate, `verify` verifies it and the name. */
  tls: z.enum(['disable', 'require', 'verify']).default('disable'),
  tlsCaFile: absolutePath.optional(),
  /**
   * How base backups are made. `physical`: `mariadb-backup`, which reads the data directory on this machine. `logical`:
   * a consistent dump over the connection, for servers elsewhere and for MySQL. `auto` takes the first that is possible.
   */
  method: z.enum(['auto', 'physical', 'logical']).default('auto'),
  /** Tags of the resource, which selections match and recovery points inherit (at most 50). */
  tags: z
    .record(z.string().min(1).max(128), z.string().max(256))
    .refine((given) => Object.keys(given).length <= 50, 'at most 50 tags')
    .default({}),
  /** Where restores make new instances; `runAs` must be able to enter it. Default: the server's restore directory. */
  restorePath: absolutePath.optional(),
  /** Directory with the programs of MariaDB or MySQL; default: PATH and /usr/sbin. */
  binariesDirectory: absolutePath.optional(),
  /** The operating-system user of restored instances and of socket authentication, when Holdfast runs as root. */
  runAs: z.string().min(1).default('mysql'),
  /** The base backup is read at most this fast. */
  bandwidthLimitBytesPerSecond: z
    .number()
    .int()
    .min(32 * 1024)
    .optional(),
};

/** Settings of a MariaDB or MySQL source: one server, one resource. Several servers are several sources. */
export const mariadbSettings = z.strictObject({
  /** A name, an address, or the absolute path of the server's unix socket. */
  host: oneLine,
  port: z.number().int().min(1).max(65_535).default(3306),
  ...common,
});

const member = z
  .string()
  .regex(/^(\/[^\r\n\0]+|[^\r\n\0]+:\d{1,5})$/, 'must be host:port or the path of a unix socket')
  .refine((text) => text.startsWith('/') || validPort(text), 'the port must be 1 to 65535');

/** Settings of a cluster: a primary and its replicas, in any order; which one is which is asked each time. */
export const auroraMysqlSettings = z.strictObject({
  members: z.array(member).min(1).max(16),
  ...common,
});

/** Where one server listens: a host and port, or a unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly socketPath: string };

/** What both kinds of source come down to. */
export type ServerSettings = Omit<z.infer<typeof mariadbSettings>, 'host' | 'port'>;

export type MariadbSettings = z.infer<typeof mariadbSettings>;
export type AuroraMysqlSettings = z.infer<typeof auroraMysqlSettings>;

export function addressOf({ host, port }: Pick<MariadbSettings, 'host' | 'port'>): Address {
  return host.startsWith('/') ? { socketPath: host } : { host, port };
}

export function memberAddress(text: string): Address {
  if (text.startsWith('/')) return { socketPath: text };
  return { host: text.slice(0, text.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1'), port: portOf(text) };
}

function validPort(text: string): boolean {
  return portOf(text) >= 1 && portOf(text) <= 65_535;
}

function portOf(text: string): number {
  return Number(text.slice(text.lastIndexOf(':') + 1));
}

/** An address as messages name it. */
export function displayAddress(address: Address): string {
  if ('socketPath' in address) return address.socketPath;
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
