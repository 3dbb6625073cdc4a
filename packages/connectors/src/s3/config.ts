import { isAbsolute } from 'node:path';
import { z } from 'zod';

const bucketGlob = z
  .string()
  .regex(/^[A-Za-z0-9._*?-]{1,63}$/, 'must be a bucket name, in which * and ? stand for any characters');

/** Settings of an S3 source: one endpoint with one set of credentials. Several endpoints are several sources. */
export const s3Settings = z.strictObject({
  /** For example `https://rgw.example.org:7480`; absent: AWS's own endpoint of the region. */
  endpoint: z.url({ protocol: /^https?$/, hostname: /.+/ }).optional(),
  /** The region that requests are signed for. */
  region: z.string().min(1).default('us-east-1'),
  /** `http://endpoint/bucket/key` instead of `http://bucket.endpoint/key`. Default: true when an endpoint is given. */
  pathStyle: z.boolean().optional(),
  /** Certificates (PEM) to trust instead of the system's, for an endpoint with a certificate of one's own. */
  caFile: z
    .string()
    .refine((path) => isAbsolute(path), 'must be an absolute path')
    .optional(),
  /** Absent: the usual places of the AWS SDK (environment, profile, instance role). */
  credentials: z
    .strictObject({
      accessKeyId: z.string().min(1),
      /** A secret reference: `env:NAME`, `file:PATH`. */
      secretAccessKey: z.string().min(1),
      /** A secret reference. */
      sessionToken: z.string().min(1).optional(),
    })
    .optional(),
  /** Buckets to protect, by name; `*` and `?` stand for any characters. */
  buckets: z
    .strictObject({
      include: z.array(bucketGlob).min(1).default(['*']),
      exclude: z.array(bucketGlob).default([]),
    })
    .default({ include: ['*'], exclude: [] }),
  /** Where the notifications of the store are heard, from which continuous backups learn what changed. Absent: by listing. */
  notifications: z
    .strictObject({
      /** Address of this machine to listen at. */
      host: z.string().min(1).default('0.0.0.0'),
      /** Each source needs one of its own. */
      port: z.number().int().min(1).max(65535),
      /** How the store reaches that port, for example `http://backup.example.org:8411`. */
      publicUrl: z.url({ protocol: /^https?$/, hostname: /.+/ }),
    })
    .optional(),
  /** Content is read from the store at most this fast. */
  bandwidthLimitBytesPerSecond: z
    .number()
    .int()
    .min(64 * 1024)
    .optional(),
  /** Requests in flight at most; fewer when the store asks to slow down. */
  maxConcurrentRequests: z.number().int().min(1).max(512).default(64),
  /** Whether tags of objects are kept. */
  objectTags: z.boolean().default(true),
  /** Whether access control lists of objects are kept: one request more for each object that is read. */
  objectAcls: z.boolean().default(true),
});

export type S3Settings = z.infer<typeof s3Settings>;

/** Whether the settings choose a bucket. */
export function isChosen({ buckets: { include, exclude } }: S3Settings, bucket: string): boolean {
  return include.some((glob) => matches(glob, bucket)) && !exclude.some((glob) => matches(glob, bucket));
}

function matches(glob: string, bucket: string): boolean {
  const pattern = glob.replace(/[.-]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${pattern}$`).test(bucket);
}
