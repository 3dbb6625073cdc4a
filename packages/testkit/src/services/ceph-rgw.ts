import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import { requireProgram } from '../requirements.ts';

const run = promisify(execFile);
const START_LIMIT_MS = 60_000;
const KMS_KEY = 'testkey-1';

/** A running S3 server (Ceph's RADOS Gateway on a one-node cluster in memory). */
export interface CephRgw extends AsyncDisposable {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The one key that its key service has, for SSE-KMS. */
  readonly kmsKey: string;
  /** Ends the gateway as the kernel ends what is out of memory; the objects stay. Returns when it is gone. */
  killGateway(): Promise<void>;
  /** Starts it again where it was. */
  startGateway(): Promise<void>;
}

/**
 * Starts a real S3 server for a test: Debian's `radosgw`, `ceph-mon`, `ceph-osd` and `ceph-common`, in the foreground, with
 * all its files in `directory`. Has a second storage class `COLD`. Everything is lost when it stops.
 * @returns undefined when a program is missing and the test was skipped
 */
export async function startCephRgw(t: Pick<TestContext, 'skip'>, directory: string): Promise<CephRgw | undefined> {
  for (const program of ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool', 'radosgw-admin']) {
    if (requireProgram(t, program) === undefined) return undefined;
  }
  const [monPort, port] = [await freePort(), await freePort()];
  const cluster = new Cluster(directory);
  try {
    await cluster.prepare(monPort, port);
    await cluster.start(`http://127.0.0.1:${port}/`);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'default',
    accessKeyId: 'AKTEST',
    secretAccessKey: 'SKTEST',
    kmsKey: KMS_KEY,
    killGateway: () => cluster.killGateway(),
    startGateway: () => cluster.startGateway(`http://127.0.0.1:${port}/`),
    [Symbol.asyncDispose]: () => cluster.stop(),
  };
}

class Cluster {
  readonly #directory: string;
  readonly #daemons: ChildProcess[] = [];
  readonly #osdId = randomUUID();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async prepare(monPort: number, port: number): Promise<void> {
    const fsid = randomUUID();
    for (const name of ['mon', 'osd', 'run', 'log', 'rgw']) mkdirSync(join(this.#directory, name), { recursive: true });
    writeFileSync(join(this.#directory, 'ceph.conf'), configuration(this.#directory, fsid, monPort, port));
    const everything = ['--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *'];
    await this.#keyring('-C', 'mon.', ['--cap', 'mon', 'allow *']);
    await this.#keyring('', 'client.admin', everything);
    await this.#keyring('', 'osd.0', ['--cap', 'mon', 'allow profile osd', '--cap', 'osd', 'allow *']);
    await this.#keyring('', 'client.rgw.a', ['--cap', 'mon', 'allow rw', '--cap', 'osd', 'allow rwx']);
    const address = `v1:127.0.0.1:${monPort}`;
    await this.#run('monmaptool', ['--create', '--clobber', '--addv', 'a', address, '--fsid', fsid, 'monmap']);
    await this.#run('ceph-mon', ['--mkfs', '-i', 'a', '--monmap', 'monmap', '--keyring', 'keyring']);
  }

  async start(url: string): Promise<void> {
    this.#daemon('ceph-mon', ['-f', '-i', 'a']);
    await this.#run('ceph', ['osd', 'new', this.#osdId]);
    await this.#run('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', this.#osdId, '--no-mon-config']);
    this.#daemon('ceph-osd', ['-f', '-i', '0']);
    // The first administrative call makes the default zone, which the storage class then joins.
    const user = ['--uid=test', '--display-name=test', '--access-key=AKTEST', '--secret-key=SKTEST'];
    await this.#run('radosgw-admin', ['user', 'create', ...user]);
    await this.#addStorageClass('COLD');
    await this.startGateway(url);
  }

  async startGateway(url: string): Promise<void> {
    this.#daemon('radosgw', ['-f', '-n', 'client.rgw.a']);
    const deadline = Date.now() + START_LIMIT_MS;
    for (;;) {
      this.#assertAlive();
      const answer = await fetch(url).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok === true) break;
      if (Date.now() > deadline) throw new Error(`radosgw did not answer in time: see ${this.#directory}/log`);
      await sleep(50);
    }
  }

  async killGateway(): Promise<void> {
    const gateway = this.#daemons.pop();
    if (gateway?.spawnfile !== 'radosgw') throw new Error('the gateway is not the last daemon that was started');
    const ended = new Promise((resolve) => gateway.once('exit', resolve));
    gateway.kill('SIGKILL');
    await ended;
  }

  /** Ends the daemons in the order in which they need each other, and waits for each. */
  async stop(): Promise<void> {
    for (const daemon of this.#daemons.reverse()) {
      if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
      const ended = new Promise((resolve) => daemon.once('exit', resolve));
      const force = setTimeout(() => daemon.kill('SIGKILL'), 10_000);
      daemon.kill('SIGTERM');
      await ended;
      clearTimeout(force);
    }
    this.#daemons.length = 0;
  }

  /** A second storage class beside STANDARD, readable at once. */
  async #addStorageClass(name: string): Promise<void> {
    const placement = ['--placement-id', 'default-placement', '--storage-class', name];
    await this.#run('radosgw-admin', ['zonegroup', 'placement', 'add', '--rgw-zonegroup', 'default', ...placement]);
    const pool = ['--data-pool', 'default.rgw.cold.data'];
    await this.#run('radosgw-admin', ['zone', 'placement', 'add', '--rgw-zone', 'default', ...placement, ...pool]);
  }

  #assertAlive(): void {
    const dead = this.#daemons.find(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null);
    if (dead !== undefined) throw new Error(`${dead.spawnfile} ended at once: see ${this.#directory}/log`);
  }

  #daemon(program: string, args: readonly string[]): void {
    const log = openSync(join(this.#directory, 'log', `${program}.out`), 'a');
    const env = this.#environment();
    this.#daemons.push(spawn(program, args, { cwd: this.#directory, env, stdio: ['ignore', log, log] }));
  }

  async #keyring(create: string, name: string, caps: readonly string[]): Promise<void> {
    const options = create === '' ? [] : [create];
    await this.#run('ceph-authtool', [...options, 'keyring', '--gen-key', '-n', name, ...caps]);
  }

  async #run(program: string, args: readonly string[]): Promise<void> {
    await run(program, args, { cwd: this.#directory, env: this.#environment(), timeout: START_LIMIT_MS });
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, CEPH_CONF: join(this.#directory, 'ceph.conf') };
  }
}

/** One monitor, one object daemon in memory, one gateway; tuned for a start in about two seconds. */
function configuration(directory: string, fsid: string, monPort: number, port: number): string {
  return `[global]
fsid = ${fsid}
mon host = v1:127.0.0.1:${monPort}
mon initial members = a
ms bind msgr2 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = ${directory}/keyring
mon data = ${directory}/mon
osd data = ${directory}/osd
run dir = ${directory}/run
admin socket = ${directory}/run/$name.asok
pid file = ${directory}/run/$name.pid
log file = ${directory}/log/$name.log
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon max pg per osd = 1000
mon data avail crit = 1
mon allow pool delete = true
paxos propose interval = 0.05
paxos min wait = 0.01
osd objectstore = memstore
memstore device bytes = 2147483648
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw data = ${directory}/rgw
rgw dns name = localhost
rgw enable apis = s3, admin, notifications
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = ${KMS_KEY}=YmluCmJvb3N0CmJvb3N0LWJ1aWxkCmNlcGguY29uZgo=
debug rgw = 0/0
debug osd = 0/0
debug ms = 0/0
debug objecter = 0/0
debug rados = 0/0
debug mon = 0/0
debug paxos = 0/0
debug auth = 0/0
debug monc = 0/0
rgw enable ops log = false
rgw enable usage log = false
`;
}
