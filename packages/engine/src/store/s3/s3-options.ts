/** How to reach a bucket; plain data, so that a worker thread can open the same store. */
export interface S3StoreOptions {
  readonly bucket: string;
  /** All keys of this store begin with `<prefix>/`; default none. */
  readonly prefix?: string;
  readonly region: string;
  /** Absent: AWS's own endpoint of the region. */
  readonly endpoint?: string;
  /** `http://endpoint/bucket/key` instead of `http://bucket.endpoint/key`; default true when an endpoint is given. */
  readonly pathStyle?: boolean;
  /** Absent: the SDK's usual places (environment, profile, instance role). */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Connections kept open at most; default 32. Requests beyond it wait. */
  readonly maxSockets?: number;
  /** Above this size one PUT becomes a multipart upload; default 1 GiB, since multipart multiplies requests. */
  readonly singlePutBytes?: number;
  /** Storage class of the warm tier; default the bucket's own. */
  readonly warmClass?: string;
  /** Storage class of the cold tier, and whether its objects must be restored before they can be read. */
  readonly coldClass?: { readonly name: string; readonly needsWarmUp: boolean };
  /** What an earlier `probeS3` found; absent: `openS3Store` probes, with five small requests. */
  readonly capabilities?: S3Capabilities;
}

/** What a server really does, found by trying. */
export interface S3Capabilities {
  /** `If-None-Match: *` on PUT is honoured. Some servers ignore it, at least in versioned buckets. */
  readonly conditionalPut: boolean;
  /** CRC-32 checksums are compared on PUT and given back. */
  readonly checksums: boolean;
  /** The bucket keeps versions: deleting needs the version. */
  readonly versioned: boolean;
  /** Object lock is on for the bucket. */
  readonly objectLock: boolean;
  /** Legal holds are kept on objects; only with object lock. */
  readonly legalHold: boolean;
}
