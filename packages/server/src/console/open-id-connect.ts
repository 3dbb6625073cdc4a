/** Sign-in with an identity provider: the authorization code flow of OpenID Connect, with PKCE, state and nonce. */
import * as client from 'openid-client';

export interface OpenIdSettings {
  /** Name on the button of the sign-in page. */
  readonly label: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Resolved by the caller from its reference. */
  readonly clientSecret?: string | undefined;
  /** The address under which people reach the console, as registered with the provider. */
  readonly publicUrl: string;
  readonly scope: string;
  /** The claim that names a user of `accountId`; nobody is made a user by signing in. */
  readonly userClaim: string;
  readonly accountId: string;
}

/** What must be remembered between leaving for the provider and coming back. */
export interface PendingFederation {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface FederatedSignIn {
  readonly label: string;
  readonly accountId: string;
  /** Where to send the browser. */
  begin(): Promise<{ readonly url: URL; readonly pending: PendingFederation }>;
  /** The user name that the provider vouches for. @throws Error when the provider's answer is not to be trusted */
  finish(query: string, pending: PendingFederation): Promise<string>;
}

export const OPEN_ID_CALLBACK = '/console/open-id/callback';

/** The provider is looked up at the first sign-in, so that the server starts without it. */
export function openIdConnect(settings: OpenIdSettings): FederatedSignIn {
  const redirectUri = new URL(OPEN_ID_CALLBACK, settings.publicUrl).href;
  let discovered: Promise<client.Configuration> | undefined;

  async function provider(): Promise<client.Configuration> {
    discovered ??= discover(settings);
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      throw error;
    }
  }

  return {
    label: settings.label,
    accountId: settings.accountId,

    async begin() {
      const pending = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(await provider(), {
        redirect_uri: redirectUri,
        scope: settings.scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      });
      return { url, pending };
    },

    async finish(query, pending) {
      const tokens = await client.authorizationCodeGrant(await provider(), new URL(`${redirectUri}${query}`), {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.verifier,
        idTokenExpected: true,
      });
      const name = tokens.claims()?.[settings.userClaim];
      if (typeof name === 'string' && name !== '') return name;
      throw new Error(`The provider's answer has no claim "${settings.userClaim}".`);
    },
  };
}

function discover({ issuer, clientId, clientSecret }: OpenIdSettings): Promise<client.Configuration> {
  const url = new URL(issuer);
  const isLocal = url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return client.discovery(
    url,
    clientId,
    undefined,
    clientSecret === undefined ? client.None() : client.ClientSecretPost(clientSecret),
    isLocal ? { execute: [client.allowInsecureRequests] } : {},
  );
}
