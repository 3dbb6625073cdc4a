/** Requests to services without a client of their own here: signed like those of the SDK, sent as they are. */
import type { TemporaryCredentials } from '../session/session-api.ts';

interface SignedPost {
  readonly service: string;
  readonly region: string;
  readonly credentials: TemporaryCredentials;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Loads the signer with the first request. */
export async function createSigner(service: string, region: string, credentials: TemporaryCredentials) {
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@aws-crypto/sha256-browser'),
  ]);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    sha256: Sha256,
  });
}

/** Posts to the root of the server, where all services answer. */
export async function signedPost({ service, region, credentials, headers, body }: SignedPost): Promise<Response> {
  const { host, hostname, port, protocol } = window.location;
  const signer = await createSigner(service, region, credentials);
  const signed = await signer.sign({
    method: 'POST',
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: '/',
    query: {},
    headers: { host, ...headers },
    body,
  });
  const { host: _host, ...sent } = signed.headers;
  return await fetch('/', { method: 'POST', headers: sent, body });
}
