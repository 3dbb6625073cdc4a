import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { HeadBucketCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { BandwidthLimit } from '../sdk/bandwidth-limit.ts';
import type { SourceConfiguration } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { AimdLimit } from './aimd-limit.ts';
import type { S3Settings } from './config.ts';
import { asRequestError, hasStatus, isThrottle, isTransient, S3RequestError } from './errors.ts';
import { type BucketAddress, type ObjectAnswer, type ObjectRequest, signedRequest } from './signed-request.ts';

const CONNECT_MS = 5_000;
const IDLE_MS = 60_000;
const MOST_ATTEMPTS = 5;
/** A store that asks to slow down gets more patience than one that does not answer. */
const MOST_THROTTLED_ATTEMPTS = 12;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 20_000;

/** Time and chance, which tests replace. */
export interface Surroundings {
  /** Current time in ms, for signatures and the bandwidth limit: real, also where the service's clock is not. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to 1. */
  random(): number;
}

export const realSurroundings: Surroundings = {
  now: Date.now,
  sleep: async (ms, signal) => {
    await wait(ms, undefined, { signal });
  },
  random: Math.random,
};

/** A request of the SDK: sends one command. */
type Sending<T> = (client: S3Client, options: { readonly abortSignal: AbortSignal }) => Promise<T>;

/** All requests to one endpoint: how many at a time, what is tried again, how fast content may come. */
export class S3Connection implements Disposable {
  readonly #client: S3Client;
  readonly #agents: { readonly http: HttpAgent; readonly https: HttpsAgent };
  readonly #limit: AimdLimit;
  readonly #bandwidth: BandwidthLimit | undefined;
  readonly #surroundings: Surroundings;
  readonly #addresses = new Map<string, Promise<BucketAddress>>();
  readonly #endpoint: string | undefined;
  readonly region: string;

  private constructor(
    settings: S3Settings,
    config: S3ClientConfig,
    ca: string | undefined,
    surroundings: Surroundings,
  ) {
    const sockets = { keepAlive: true, maxSockets: settings.maxConcurrentRequests };
    this.#agents = {
      http: new HttpAgent(sockets),
      https: new HttpsAgent({ ...sockets, ...(ca === undefined ? {} : { ca }) }),
    };
    this.#client = new S3Client({
      ...config,
      requestHandler: {
        httpAgent: this.#agents.http,
        httpsAgent: this.#agents.https,
        connectionTimeout: CONNECT_MS,
        socketTimeout: IDLE_MS,
        socketAcquisitionWarningTimeout: 2 ** 30,
      },
    });
    this.#limit = new AimdLimit(settings.maxConcurrentRequests);
    const { bandwidthLimitBytesPerSecond: bytesPerSecond } = settings;
    this.#bandwidth =
      bytesPerSecond === undefined ? undefined : new BandwidthLimit({ bytesPerSecond, now: surroundings.now });
    this.#surroundings = surroundings;
    this.#endpoint = settings.endpoint;
    this.region = settings.region;
  }

  /** @throws ConnectorError `invalid-request` for a CA file that cannot be read */
  static async open(source: SourceConfiguration<S3Settings>, surroundings: Surroundings): Promise<S3Connection> {
    const { settings } = source;
    const { endpoint, region, pathStyle, caFile, credentials } = settings;
    const config: S3ClientConfig = {
      region,
      // Retrying is done here, where the number of requests in flight is known.
      maxAttempts: 1,
      followRegionRedirects: endpoint === undefined,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      forcePathStyle: pathStyle ?? endpoint !== undefined,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials: await resolved(source, credentials) }),
    };
    return new S3Connection(settings, config, await readCa(caFile), surroundings);
  }

  /**
   * Sends commands of the SDK as one request: waits for a seat, tries again what may pass.
   * @throws S3RequestError; the signal's reason when aborted
   */
  request<T>(signal: AbortSignal, send: Sending<T>): Promise<T> {
    return this.#retrying(signal, () => send(this.#client, { abortSignal: signal }));
  }

  /** As `request`, for one request to a bucket or an object; what is sent and what comes is in memory. */
  async send(bucket: string, request: ObjectRequest, signal: AbortSignal, expectedBytes = 0): Promise<ObjectAnswer> {
    const address = await this.#addressOf(bucket, signal);
    if (expectedBytes > 0) await this.#bandwidth?.take(expectedBytes, signal);
    return this.#retrying(signal, () => this.#sendSigned(address, request, signal));
  }

  /** As `send`, for a request to the endpoint itself, which must be one of the settings. */
  toEndpoint(request: ObjectRequest, signal: AbortSignal): Promise<ObjectAnswer> {
    const { protocol, hostname, port, pathname } = new URL(this.#endpoint ?? '');
    const address = {
      protocol: protocol === 'https:' ? 'https:' : 'http:',
      hostname,
      port: port === '' ? undefined : Number(port),
      basePath: pathname.replace(/\/+$/, ''),
    } as const;
    return this.#retrying(signal, () => this.#sendSigned(address, request, signal));
  }

  async #sendSigned(address: BucketAddress, request: ObjectRequest, signal: AbortSignal): Promise<ObjectAnswer> {
    const credentials = await this.#client.config.credentials();
    const context = { region: this.region, credentials, agents: this.#agents, now: this.#surroundings.now };
    return signedRequest(context, address, request, signal);
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return this.#surroundings.sleep(ms, signal);
  }

  async #retrying<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    for (let count = 1; ; count += 1) {
      signal.throwIfAborted();
      try {
        return await this.#limit.run(async () => {
          try {
            return await attempt();
          } catch (error) {
            signal.throwIfAborted();
            throw asRequestError(error);
          }
        }, isThrottle);
      } catch (error) {
        signal.throwIfAborted();
        const most = isThrottle(error) ? MOST_THROTTLED_ATTEMPTS : MOST_ATTEMPTS;
        if (!isTransient(error) || count >= most) throw error;
        await this.#pause(count, error, signal);
      }
    }
  }

  async #pause(count: number, error: unknown, signal: AbortSignal): Promise<void> {
    const backOff =
      Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (count - 1)) * (0.5 + this.#surroundings.random() / 2);
    const asked = error instanceof S3RequestError ? (error.retryAfterMs ?? 0) : 0;
    try {
      await this.#surroundings.sleep(Math.min(LONGEST_PAUSE_MS, Math.max(backOff, asked)), signal);
    } finally {
      signal.throwIfAborted();
    }
  }

  #addressOf(bucket: string, signal: AbortSignal): Promise<BucketAddress> {
    const known = this.#addresses.get(bucket);
    if (known !== undefined) return known;
    const finding = this.#findAddress(bucket, signal);
    this.#addresses.set(bucket, finding);
    finding.catch(() => this.#addresses.delete(bucket));
    return finding;
  }

  /** Asks the SDK where it would send a request for the bucket, with all its rules for styles and regions. */
  async #findAddress(bucket: string, signal: AbortSignal): Promise<BucketAddress> {
    const command = new HeadBucketCommand({ Bucket: bucket });
    let address: BucketAddress | undefined;
    command.middlewareStack.add(
      (next) => async (args) => {
        const { protocol, hostname, port, path } = args.request as BucketRequest;
        address = { protocol, hostname, port, basePath: path.replace(/\/+$/, '') };
        return next(args);
      },
      { step: 'finalizeRequest', name: 'rememberAddress' },
    );
    try {
      await this.request(signal, (client, options) => client.send(command, options));
    } catch (error) {
      // A right to look at the bucket itself is not needed to read its objects.
      if (address === undefined || !hasStatus(error, 403)) throw error;
    }
    if (address === undefined) throw new Error('the SDK sent no request');
    return address;
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }
}

interface BucketRequest {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number | undefined;
  readonly path: string;
}

async function resolved(
  source: SourceConfiguration<S3Settings>,
  { accessKeyId, secretAccessKey, sessionToken }: NonNullable<S3Settings['credentials']>,
): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }> {
  return {
    accessKeyId,
    secretAccessKey: await source.secret(secretAccessKey),
    ...(sessionToken === undefined ? {} : { sessionToken: await source.secret(sessionToken) }),
  };
}

async function readCa(caFile: string | undefined): Promise<string | undefined> {
  if (caFile === undefined) return undefined;
  try {
    return await readFile(caFile, 'utf8');
  } catch (error) {
    throw new ConnectorError('invalid-request', `The certificates in ${caFile} cannot be read: ${String(error)}.`, {
      hint: 'Correct the setting caFile of the source.',
      cause: error,
    });
  }
}
