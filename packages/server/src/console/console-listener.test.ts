import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bootstrapAccount, IdentityCredentials, nameKey, SecretBox, secureRandomBytes } from '@holdfast/neighbours';
import { createMemoryIdentityStore, createMemoryRecords } from '@holdfast/neighbours/testing';
import { temporaryDirectory } from '@holdfast/testkit';
import { createConsoleRequestListener } from './console-listener.ts';
import type { ConsolePorts } from './console-ports.ts';
import { ensureFirstConsolePassword } from './first-console-password.ts';

const ACCOUNT = '123456789012';
const HEADER = { 'x-holdfast-console': '1', 'content-type': 'application/json' };

async function startConsole(t: TestContext, overrides: Partial<ConsolePorts> = {}) {
  const directory = temporaryDirectory(t);
  const distDirectory = join(directory, 'dist');
  mkdirSync(join(distDirectory, 'assets'), { recursive: true });
  writeFileSync(join(distDirectory, 'index.html'), '<!doctype html><title>console</title>');
  writeFileSync(join(distDirectory, 'assets', 'index-abc123.js'), 'export const text = "a".repeat(10);\n'.repeat(50));
  const store = createMemoryIdentityStore(createMemoryRecords());
  const box = new SecretBox(new Uint8Array(32).fill(7), secureRandomBytes);
  const clock = { at: Date.UTC(2030, 0, 1), now: () => clock.at };
  const { accessKey } = await bootstrapAccount(
    { store, box, random: secureRandomBytes },
    {
      accountId: ACCOUNT,
      accountName: 'Test',
      accountEmail: 'root@test.invalid',
      administratorName: 'administrator',
      now: clock.at,
    },
  );
  const file = await ensureFirstConsolePassword(
    { store, random: secureRandomBytes },
    { dataDirectory: directory, accountId: ACCOUNT, userName: 'administrator', now: clock.at },
  );
  const ports: ConsolePorts = {
    identity: store,
    sessions: store.sessions,
    box,
    random: secureRandomBytes,
    clock,
    log: { info: () => {}, warn: () => {} },
    defaultAccountId: ACCOUNT,
    defaultRegion: 'us-east-1',
    regions: ['us-east-1'],
    version: '0.0.0',
    distDirectory,
    ...overrides,
  };
  const server = createServer(
    createConsoleRequestListener(ports, (_request, response) => {
      response.statusCode = 403;
      response.end('the API');
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const password = readFileSync(file ?? assert.fail('no password was written'), 'utf8').trim();
  return {
    url,
    password,
    accessKey: accessKey ?? assert.fail('no key'),
    clock,
    store,
    box,
    file,
    distDirectory,
    directory,
  };
}

function post(url: string, path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url + path, { method: 'POST', headers: { ...HEADER, ...headers }, body: JSON.stringify(body) });
}

function signIn(url: string, password: string, more: object = {}): Promise<Response> {
  return post(url, '/console/sign-in', { account: ACCOUNT, userName: 'administrator', password, ...more });
}

interface Page {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Opens an address as a browser does; fetch cannot, since it says by itself that it is no navigation. */
function navigate(address: string, headers: Record<string, string> = {}): Promise<Page> {
  const asBrowser = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-mode': 'navigate', ...headers };
  return new Promise((resolve, reject) => {
    get(address, { headers: asBrowser }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    }).on('error', reject);
  });
}

const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { code: string }).code;

test('the first password is in a file that its owner alone can read, and signs in', async (t) => {
  const { url, password, file, store, box } = await startConsole(t);
  assert.match(password, /^[a-z2-9]{20}$/);
  assert.equal(statSync(file ?? '').mode & 0o777, 0o600);
  const response = await signIn(url, password);
  assert.equal(response.status, 200);
  const [cookie = ''] = response.headers.getSetCookie();
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  const session = await fetch(`${url}/console/session`, { headers: { ...HEADER, cookie: cookieOf(response) } });
  const body = (await session.json()) as { arn: string; credentials: { accessKeyId: string; sessionToken: string } };
  assert.equal(body.arn, `arn:aws:iam::${ACCOUNT}:user/administrator`);
  assert.equal(session.headers.get('cache-control'), 'no-store');
  assert.ok(!cookie.includes(encodeURIComponent(body.credentials.sessionToken)), 'the cookie is no API credential');
  const known = await new IdentityCredentials(store, store.sessions, box).lookup(body.credentials.accessKeyId);
  assert.deepEqual([known?.principal.isSignedIn, known?.sessionToken], [true, body.credentials.sessionToken]);
});

test('an access key signs in, and its secret must be right', async (t) => {
  const { url, accessKey } = await startConsole(t);
  assert.equal((await post(url, '/console/sign-in', accessKey)).status, 200);
  const wrong = await post(url, '/console/sign-in', { ...accessKey, secretAccessKey: 'x'.repeat(40) });
  assert.equal(wrong.status, 401);
});

test('a wrong password, an unknown user and an unknown account are refused in the same words', async (t) => {
  const { url, password } = await startConsole(t);
  const answers = await Promise.all([
    signIn(url, 'wrong'),
    signIn(url, password, { userName: 'nobody' }),
    signIn(url, password, { account: '999999999999' }),
  ]);
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [401, 401, 401],
  );
  assert.equal(new Set(texts).size, 1);
});

test('after some failures even the right password has to wait, and then works', async (t) => {
  const { url, password, clock } = await startConsole(t);
  for (let i = 0; i < 5; i += 1) assert.equal((await signIn(url, 'wrong')).status, 401);
  const refused = await signIn(url, password);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '15');
  clock.at += 15_000;
  assert.equal((await signIn(url, password)).status, 200);
});

test('a password that must be changed is changed with the sign-in', async (t) => {
  const { url, password, store } = await startConsole(t);
  const user = (await store.users.get(ACCOUNT, nameKey('administrator'))) ?? assert.fail();
  const mustChange = { ...(user.password ?? assert.fail()), isResetRequired: true };
  await store.users.put(ACCOUNT, nameKey('administrator'), { ...user, password: mustChange });
  assert.equal(await codeOf(await signIn(url, password)), 'PasswordResetRequired');
  assert.equal(await codeOf(await signIn(url, password, { newPassword: 'short' })), 'PasswordPolicy');
  assert.equal((await signIn(url, password, { newPassword: 'another long password' })).status, 200);
  assert.equal((await signIn(url, 'another long password')).status, 200);
});

test('sessions end by time, by signing out, and with their user', async (t) => {
  const { url, password, clock, store } = await startConsole(t);
  const session = (cookie: string): Promise<Response> =>
    fetch(`${url}/console/session`, { headers: { ...HEADER, cookie } });
  const first = cookieOf(await signIn(url, password));
  const second = cookieOf(await signIn(url, password));
  assert.equal((await session(first)).status, 200);
  const out = await post(url, '/console/sign-out', {}, { cookie: first });
  assert.match(out.headers.getSetCookie()[0] ?? '', /Max-Age=0/);
  assert.equal((await session(first)).status, 401);
  assert.equal((await session(second)).status, 200);
  clock.at += 12 * 3_600_000;
  assert.equal((await session(second)).status, 401);
  const third = cookieOf(await signIn(url, password));
  await store.users.delete(ACCOUNT, nameKey('administrator'));
  assert.equal((await session(third)).status, 401);
  assert.equal((await session(`${third}x`)).status, 401);
});

test('requests that other sites make the browser send are refused', async (t) => {
  const { url, password } = await startConsole(t);
  const body = JSON.stringify({ account: ACCOUNT, userName: 'administrator', password });
  const foreign = [
    await fetch(`${url}/console/sign-in`, { method: 'POST', body }),
    await post(url, '/console/sign-out', {}, { 'sec-fetch-site': 'cross-site' }),
    await post(url, '/console/sign-out', {}, { origin: 'https://evil.example' }),
  ];
  assert.deepEqual(
    foreign.map((answer) => answer.status),
    [403, 403, 403],
  );
});

test('pages forbid frames, inline script and sniffing; deep links lead to the page, programs to the API', async (t) => {
  const { url } = await startConsole(t);
  const page = await navigate(`${url}/backup-vaults/Default`);
  assert.match(page.text, /<title>console/);
  const policy = page.headers['content-security-policy'] ?? '';
  assert.match(String(policy), /script-src 'self';/);
  assert.match(String(policy), /frame-ancestors 'none'/);
  assert.doesNotMatch(String(policy), /unsafe/);
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  assert.equal(page.headers['cache-control'], 'no-cache');
  const api = await fetch(`${url}/backup-vaults/Default`);
  assert.equal(await api.text(), 'the API');
  assert.match(api.headers.get('content-security-policy') ?? '', /sandbox/);
  const signed = await navigate(`${url}/backup-vaults/`, { authorization: 'AWS4-HMAC-SHA256 Credential=x' });
  assert.equal(signed.text, 'the API');
  const presigned = await navigate(`${url}/recovery-points/x/content?X-Amz-Algorithm=A`);
  assert.equal(presigned.text, 'the API');
});

test('hashed files are compressed and cached for ever, and nothing outside the console is served', async (t) => {
  const { url, directory } = await startConsole(t);
  writeFileSync(join(directory, 'secret.js'), 'secret');
  const script = await fetch(`${url}/assets/index-abc123.js`, { headers: { 'accept-encoding': 'br' } });
  assert.equal(script.headers.get('content-encoding'), 'br');
  assert.match(script.headers.get('cache-control') ?? '', /immutable/);
  assert.match(await script.text(), /export const text/);
  for (const path of ['/assets/..%2f..%2fsecret.js', '/assets/missing.js', '/assets/%2e%2e/%2e%2e/secret.js']) {
    assert.notEqual((await fetch(url + path)).status, 200, path);
  }
});

test('a console that is not built yet says so, and that the API works', async (t) => {
  const { url } = await startConsole(t, { distDirectory: '/nowhere', buildState: () => ({ kind: 'building' }) });
  const page = await navigate(url);
  assert.equal(page.status, 503);
  assert.match(page.text, /being built/);
});
