/** Verifies Signature Version 4: parses, looks the key up, checks token and times, signs again and compares. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credential, CredentialsPort } from '../handling/ports.ts';
import type { WireRequest } from '../http/wire-request.ts';
import { type Authorization, readAuthorization } from './authorization.ts';
import { canonicalRequests } from './canonical-request.ts';
import { SignatureError } from './signature-error.ts';
import { hmac, SigningKeys } from './signing-key.ts';

/** A verified caller. */
export interface Caller {
  readonly authorization: Authorization;
  readonly credential: Credential;
}

/** Clocks may differ by this much (ERR-19). */
const MAX_SKEW_MS = 15 * 60 * 1000;
const REGION = /^[a-z0-9-]{1,64}$/;

export class SignatureVerifier {
  readonly #credentials: CredentialsPort;
  readonly #acceptsRegion: (region: string) => boolean;
  readonly #keys = new SigningKeys();

  constructor(credentials: CredentialsPort, acceptsRegion?: (region: string) => boolean) {
    this.#credentials = credentials;
    this.#acceptsRegion = acceptsRegion ?? ((region) => REGION.test(region));
  }

  /**
   * @param now ms since epoch
   * @throws SignatureError for everything that does not verify
   */
  async verify(request: WireRequest, now: number): Promise<Caller> {
    const authorization = readAuthorization(request);
    const credential = await this.#credentials.lookup(authorization.accessKeyId);
    if (credential === undefined || !hasToken(credential, authorization.sessionToken)) {
      throw new SignatureError('unknownKey', 'The security token included in the request is invalid.');
    }
    checkTimes(authorization, now);
    if (!this.#acceptsRegion(authorization.region)) {
      throw mismatch('Credential should be scoped to a valid region.');
    }
    checkCoverage(request, authorization);
    if (!this.#isSignedWith(credential.secretAccessKey, request, authorization)) {
      throw mismatch(
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      );
    }
    // Only after the signature: whether a token has expired is nobody's business but its owner's.
    if (credential.expiresAt !== undefined && credential.expiresAt <= now) {
      throw new SignatureError('expiredToken', 'The security token included in the request is expired');
    }
    return { authorization, credential };
  }

  #isSignedWith(secret: string, request: WireRequest, authorization: Authorization): boolean {
    const key = this.#keys.keyFor(secret, authorization);
    const { date, scopeDate, region, service } = authorization;
    const given = Buffer.from(authorization.signature, 'hex');
    for (const canonical of canonicalRequests(request, authorization)) {
      const hash = createHash('sha256').update(canonical).digest('hex');
      const text = `AWS4-HMAC-SHA256\n${date}\n${scopeDate}/${region}/${service}/aws4_request\n${hash}`;
      if (timingSafeEqual(hmac(key, text), given)) return true;
    }
    return false;
  }
}

function mismatch(message: string): SignatureError {
  return new SignatureError('signatureMismatch', message);
}

/** Temporary keys need precisely their token, lasting ones none. */
function hasToken({ sessionToken }: Credential, given: string | undefined): boolean {
  if (sessionToken === undefined || given === undefined) return sessionToken === given;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(sessionToken), digest(given));
}

function checkTimes({ date, scopeDate, signedAt, expiresSeconds }: Authorization, now: number): void {
  if (!date.startsWith(scopeDate)) {
    throw mismatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scopeDate}' != '${date.slice(0, 8)}', from '${date}'.`,
    );
  }
  const nowText = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const expiresAt = signedAt + (expiresSeconds ?? 0) * 1000;
  if (now > expiresAt + MAX_SKEW_MS) {
    throw new SignatureError(
      'requestExpired',
      `Signature expired: ${date} is now earlier than ${nowText} by more than 15 minutes and the request's own lifetime.`,
    );
  }
  if (signedAt > now + MAX_SKEW_MS) {
    throw new SignatureError(
      'requestExpired',
      `Signature not yet current: ${date} is still later than ${nowText} by more than 15 minutes.`,
    );
  }
}

/** What decides over the request's meaning must be under the signature. */
function checkCoverage(request: WireRequest, { signedHeaders }: Authorization): void {
  if (!signedHeaders.includes('host')) {
    throw mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (request.headers.has('x-amz-target') && !signedHeaders.includes('x-amz-target')) {
    throw mismatch("The header 'x-amz-target' must be among the signed headers.");
  }
  const declared = request.headers.get('x-amz-content-sha256');
  if (declared === undefined) return;
  if (declared !== createHash('sha256').update(request.body).digest('hex')) {
    throw mismatch(
      "The provided 'x-amz-content-sha256' header does not match what was computed: the payload must be signed.",
    );
  }
}
