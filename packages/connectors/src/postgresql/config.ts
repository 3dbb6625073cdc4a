import { isAbsolute } from 'node:path';
import { z } from 'zod';

const GIB = 1024 ** 3;

const absolutePath = z
  .string()
  .min(1)
  .refine((path) => isAbsolute(path), 'must be an absolute path')
  .refine((path) => !path.includes('\0'), 'must not contain a NUL character');

const tags = z
  .record(z.string().min(1).max(128), z.string().max(256))
  .refine((given) => Object.keys(given).length <= 50, 'at most 50 tags');

const common = {
  /** The database that queries connect to; backups always take the whole instance. */
  database: z.string().min(1).default('postgres'),
  user: z.string().min(1).default('postgres'),
  /** A secret reference (`env:NAME`, `file:PATH`); absent for peer, trust or certificate authentication. */
  password: z.string().min(1).optional(),
  /** `require` encrypts without looking at the certificate; the other two verify it, `verify-full` the name as well. */
  tls: z.enum(['disable', 'require', 'verify-ca', 'verify-full']).default('disable'),
  tlsCaFile: absolutePath.optional(),
  tlsCertificateFile: absolutePath.optional(),
  tlsKeyFile: absolutePath.optional(),
  /** Tags of the resource, which selections match and recovery points inherit (at most 50). */
  tags: tags.default({}),
  /** Where restores make new instances; `runAs` must be able to enter it. Default: the server's restore directory. */
  restorePath: absolutePath.optional(),
  /** Directory with `postgres` and `pg_ctl` for restored instances; default: Debian's for the version, then PATH. */
  binariesDirectory: absolutePath.optional(),
  /** The operating-system user of restored instances and of peer authentication, when Holdfast runs as root. */
  runAs: z.string().min(1).default('postgres'),
  /** The server sends base backups at most this fast. PostgreSQL knows 32 KiB/s to 1 GiB/s. */
  bandwidthLimitBytesPerSecond: z
    .number()
    .int()
    .min(32 * 1024)
    .max(GIB)
    .optional(),
  /** Continuous backup gives its slot up, and starts anew, when the server keeps more log than this for it. */
  slotLagLimitBytes: z
    .number()
    .int()
    .min(64 * 1024 * 1024)
    .default(10 * GIB),
};

/** Settings of a PostgreSQL source: one server, one resource. Several servers are several sources. */
export const postgresqlSettings = z.strictObject({
  /** A name, an address, or the absolute path of the directory with the server's unix socket. */
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(5432),
  ...common,
});

const member = z
  .string()
  .regex(/^.+:\d{1,5}$/, 'must be host:port or /socket/directory:port')
  .refine((text) => portOf(text) >= 1 && portOf(text) <= 65_535, 'the port must be 1 to 65535');

/** Settings of a cluster: a primary and its replicas, in any order; which one is which is asked each time. */
export const auroraPostgresqlSettings = z.strictObject({
  members: z.array(member).min(1).max(16),
  ...common,
});

/** Where one server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What both kinds of source come down to. */
export type ServerSettings = Omit<z.infer<typeof postgresqlSettings>, 'host' | 'port'>;

export type PostgresqlSettings = z.infer<typeof postgresqlSettings>;
export type AuroraPostgresqlSettings = z.infer<typeof auroraPostgresqlSettings>;

/** `host:port` as an address; a path before the colon is the directory of a unix socket. */
export function memberAddress(text: string): Address {
  return { host: text.slice(0, text.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1'), port: portOf(text) };
}

function portOf(text: string): number {
  return Number(text.slice(text.lastIndexOf(':') + 1));
}

/** An address as messages name it. */
export function displayAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
