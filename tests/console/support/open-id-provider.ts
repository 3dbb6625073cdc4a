/**
 * An OpenID provider as a process of its own, for tests of signing in: `node open-id-provider.ts <redirect-uri>`. Takes
 * any password, vouches for whoever is named, and prints its issuer once it listens.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

const CLIENT_ID = 'holdfast-console';
const [redirectUri = ''] = process.argv.slice(2);

const http = createServer();
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: CLIENT_ID,
      token_endpoint_auth_method: 'none',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ],
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['preferred_username'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['a key for tests'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: `person-${id}`, preferred_username: id }) }),
});
http.on('request', provider.callback());
console.log(`issuer ${issuer}`);
