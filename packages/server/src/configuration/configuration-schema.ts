/** The shape of `holdfast.yaml`. Every key has a default: an absent or empty file is a valid configuration. */
import { z } from 'zod';

const regionName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must look like an AWS region, for example us-east-1');
const accountId = z.string().regex(/^\d{12}$/, 'must be 12 digits');
/** A reference to a secret; the secret itself never stands in the file. */
const secretReference = z.string().regex(/^(env|file):.+$/, 'must be a secret reference: env:NAME or file:PATH');

const directoryStore = z
  .strictObject({
    kind: z.literal('directory'),
    path: z.string().min(1).describe('where the vaults of this region live'),
    coldPath: z.string().min(1).optional().describe('second location for recovery points in cold storage'),
  })
  .describe('a directory on a local or mounted file system');

const s3Store = z
  .strictObject({
    kind: z.literal('s3'),
    bucket: z.string().min(3),
    prefix: z.string().default(''),
    endpoint: z.url().optional().describe('for S3-compatible stores; omit for AWS itself'),
    region: z.string().default('us-east-1').describe('the region that the store itself expects in signatures'),
    forcePathStyle: z.boolean().default(true),
    accessKeyId: z.string().optional(),
    secretAccessKey: secretReference.optional(),
  })
  .describe('a bucket of an S3-compatible store');

const region = z.strictObject({
  store: z.discriminatedUnion('kind', [directoryStore, s3Store]).optional(),
});

const keyStoreId = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/, 'letters, digits, dot, underscore and hyphen');

const keyStore = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('aws-kms'),
    id: keyStoreId,
    region: z.string().default('us-east-1'),
    endpoint: z.url().optional().describe('for a service other than AWS KMS itself'),
    accessKeyId: z.string().optional().describe('without it: the usual places of the AWS SDK'),
    secretAccessKey: secretReference.optional(),
  }),
  z.strictObject({
    kind: z.literal('transit'),
    id: keyStoreId,
    address: z.url().describe('address of HashiCorp Vault or OpenBao'),
    mount: z.string().default('transit').describe('where its transit engine is mounted'),
    namespace: z.string().optional(),
    token: secretReference,
  }),
]);

const catalog = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('sqlite'), path: z.string().optional().describe('default: <data>/catalog.db') }),
    z.strictObject({ kind: z.literal('postgres'), url: secretReference.describe('connection string, as a reference') }),
  ])
  .default({ kind: 'sqlite' });

const source = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/, 'letters, digits, dot, underscore and hyphen; at most 63'),
  kind: z.string().min(1).describe('the connector, for example directory'),
  settings: z.record(z.string(), z.unknown()).default({}),
  account: accountId.optional(),
  region: regionName.optional(),
});

export const configurationSchema = z.strictObject({
  host: z.string().default('127.0.0.1').describe('address to listen on'),
  port: z.int().min(0).max(65535).default(8400).describe('port to listen on; 0 takes any free one'),
  account: accountId.default('123456789012').describe('the account that the first start creates'),
  region: regionName.default('us-east-1').describe('the region of the profile that the first start writes'),
  regions: z
    .record(regionName, region)
    .default({})
    .describe('storage location per region; default: a directory below <data>/regions'),
  catalog,
  workers: z
    .strictObject({
      processes: z.int().min(0).max(64).default(1).describe('worker processes that the server starts; 0: none here'),
      concurrentJobs: z.int().min(1).max(64).default(2).describe('jobs at a time per worker process'),
      memoryMiB: z.int().min(128).default(512).describe('memory budget of the engine per worker process'),
    })
    .prefault({}),
  keyStores: z
    .array(keyStore)
    .default([])
    .describe('external key stores; a key is made in one with `aws kms create-key --origin EXTERNAL_KEY_STORE`'),
  maintenance: z
    .strictObject({
      everyMinutes: z.number().min(0.1).default(10).describe('minutes between two rounds over the vaults'),
      graceHours: z
        .number()
        .min(0)
        .default(24)
        .describe('hours that data which nothing needs stays in the trash before its space is freed'),
    })
    .prefault({}),
  continuous: z
    .strictObject({
      lagSeconds: z
        .number()
        .min(2)
        .max(120)
        .default(60)
        .describe('seconds until a change at a source with a log is stored; a quiet source may take twice as long'),
      refreshMinutes: z
        .number()
        .min(0.1)
        .max(15)
        .default(5)
        .describe('minutes between two looks at a source that keeps versions'),
    })
    .prefault({}),
  discoveryMinutes: z.number().min(0.1).default(5).describe('minutes between two looks for resources at each source'),
  sources: z.array(source).default([]).describe('declared sources; more can be added with `holdfast source add`'),
  openId: z
    .strictObject({
      label: z.string().default('Single sign-on').describe('name on the button of the sign-in page'),
      issuer: z.url(),
      clientId: z.string().min(1),
      clientSecret: secretReference.optional(),
      publicUrl: z.url().describe('address under which people reach the console, as registered with the provider'),
      scope: z.string().default('openid'),
      userClaim: z.string().default('preferred_username').describe('the claim that names a user of the account'),
      account: accountId.optional(),
    })
    .optional()
    .describe('sign-in to the console with an identity provider'),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
      format: z.enum(['text', 'json']).default('text'),
    })
    .prefault({}),
});

export type Configuration = z.infer<typeof configurationSchema>;
export type StoreConfiguration = NonNullable<NonNullable<Configuration['regions'][string]>['store']>;
