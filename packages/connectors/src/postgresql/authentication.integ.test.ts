import assert from 'node:assert/strict';
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { identityOf } from '../child-process/identity-of.ts';
import { runChild } from '../child-process/run-child.ts';
import { firstResource, runBackup } from '../sdk/v1/testing.ts';
import { hasPostgres, postgresqlFixture, query } from './testing/postgresql-fixture.ts';

const { signal } = new AbortController();

describe('A PostgreSQL server that wants to know who asks', () => {
  it('lets in by password over TLS, by the user of a process, and by nothing less', async (t) => {
    if (!hasPostgres(t)) return;
    const { server, directory, open } = await postgresqlFixture(t);
    const identity = process.getuid?.() === 0 ? await identityOf('postgres') : undefined;
    const [key, certificate] = [join(server.dataDirectory, 'server.key'), join(server.dataDirectory, 'server.crt')];
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ];
    const names = [
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      key,
      '-out',
      certificate,
    ];
    assert.equal((await runChild('openssl', [...request, ...names])).code, 0);
    chmodSync(key, 0o600);
    if (identity !== undefined) for (const file of [key, certificate]) chownSync(file, identity.uid, identity.gid);
    const authority = join(directory, 'authority.crt');
    writeFileSync(authority, readFileSync(certificate));
    await query(server.port, "create role keeper login replication password 'secret' in role pg_monitor");
    await query(server.port, "alter system set ssl = 'on'");
    const [socket] = await query(server.port, "select current_setting('unix_socket_directories') as socket");
    writeFileSync(
      join(server.dataDirectory, 'pg_hba.conf'),
      `hostssl all keeper 127.0.0.1/32 scram-sha-256
hostssl replication keeper 127.0.0.1/32 scram-sha-256
local all postgres peer
local replication postgres peer
`,
    );
    await runChild(join(server.binDirectory, 'pg_ctl'), ['reload', '-D', server.dataDirectory], { identity });
    const host = 'localhost';
    const secure = { host, user: 'keeper', password: 'env:SECRET', tls: 'verify-full', tlsCaFile: authority } as const;
    const local = { host: String(socket?.['socket']) };
    for (const settings of identity === undefined ? [secure] : [secure, local]) {
      const connector = await open(settings);
      const { arn, status, statusMessage } = await firstResource(connector);
      assert.equal(status, 'available', statusMessage);
      const { point } = await runBackup(connector, arn);
      assert.ok(point.records.length > 100);
      const bad = (await connector.check(signal)).filter(({ ok, advisory }) => !ok && advisory !== true);
      assert.deepEqual(bad, []);
    }
    for (const [changes, words] of [
      [{ ...secure, tlsCaFile: undefined }, /self.signed.*tlsCaFile/s],
      [{ ...secure, tls: 'disable' }, /pg_hba\.conf/],
    ] as const) {
      const { status, statusMessage } = await firstResource(await open(changes));
      assert.equal(status, 'unavailable');
      assert.match(statusMessage ?? '', words);
    }
  });
});
