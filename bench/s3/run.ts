/**
 * The S3 connector beside `aws s3 sync` and rclone: `npm run bench -- s3 [--rounds 3] [--objects 20000] [--large-mib 512]`.
 *
 * All tools read from and write to the same real store (Ceph RGW in memory) in the same run, in turn within each round.
 * Holdfast compresses, encrypts and deduplicates into a vault on disk; the peers copy into a directory. The peers keep no
 * access control lists, which cost a request for each object, so Holdfast is measured with and without them.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type CephRgw, findProgram, startCephRgw } from '@holdfast/testkit';
import { SeededRandom } from '../datasets/random.ts';
import { type Measurement, measure, median, type Program } from '../measure.ts';

export interface S3BenchOptions {
  readonly directory: string;
  readonly rounds: number;
  readonly objects: number;
  readonly mib: number;
}

interface Tool {
  readonly name: string;
  /** What is done before each round and not measured. */
  prepare?(place: string): Promise<void>;
  backup(bucket: string, place: string, run: number): Program;
  /** Writes what `place` holds into a bucket, which Holdfast makes itself. */
  restore(place: string, bucket: string): Program;
  readonly makesBucket: boolean;
}

const UPLOADS_AT_ONCE = 16;
const LARGE_OBJECTS = 4;

export async function benchS3(options: S3BenchOptions): Promise<void> {
  const home = join(options.directory, 's3');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, 'store'), { recursive: true });
  const skip = (reason?: string) => console.log(`left out: ${reason}`);
  await using rgw = await startCephRgw({ skip }, join(home, 'store'));
  if (rgw === undefined) return;
  const client = clientOf(rgw);
  const tools = toolsFor(rgw);
  const report: Record<string, unknown> = {};
  const sets = [
    { name: 'small', count: options.objects, bytes: 4096 },
    { name: 'large', count: LARGE_OBJECTS, bytes: Math.round((options.mib * 2 ** 20) / LARGE_OBJECTS) },
  ];
  for (const set of sets) {
    const bucket = `bench-${set.name}`;
    await fill(client, bucket, set.count, set.bytes);
    const results = new Map<string, Map<string, Measurement[]>>();
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const tool of tools) {
        const steps = results.get(tool.name) ?? new Map<string, Measurement[]>();
        results.set(tool.name, steps);
        const place = join(home, `${tool.name.replaceAll(' ', '-')}`);
        const target = `restored-${set.name}-${round}-${tools.indexOf(tool)}`;
        await oneRound(client, tool, { bucket, place, target }, (step, value) => {
          steps.set(step, [...(steps.get(step) ?? []), value]);
        });
      }
    }
    console.log(`\n${set.name}: ${set.count} objects of ${set.bytes} bytes`);
    report[set.name] = print(results);
  }
  client.destroy();
  writeFileSync(join(options.directory, 's3.json'), `${JSON.stringify(report, null, 2)}\n`);
  rmSync(home, { recursive: true, force: true });
}

function clientOf({ endpoint, region, accessKeyId, secretAccessKey }: CephRgw): S3Client {
  return new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

async function fill(client: S3Client, Bucket: string, count: number, bytes: number): Promise<void> {
  await makeBucket(client, Bucket);
  let next = 0;
  const upload = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const Key = `part-${index % 50}/object-${index}`;
      const Body = Buffer.alloc(bytes);
      new SeededRandom(index).fill(Body);
      await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(UPLOADS_AT_ONCE, count) }, upload));
}

async function makeBucket(client: S3Client, Bucket: string): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
}

interface Round {
  readonly bucket: string;
  readonly place: string;
  readonly target: string;
}

async function oneRound(
  client: S3Client,
  tool: Tool,
  { bucket, place, target }: Round,
  note: (step: string, value: Measurement) => void,
): Promise<void> {
  rmSync(place, { recursive: true, force: true });
  await tool.prepare?.(place);
  note('first backup', await measure(tool.backup(bucket, place, 1)));
  note('unchanged', await measure(tool.backup(bucket, place, 2)));
  if (!tool.makesBucket) await makeBucket(client, target);
  note('restore', await measure(tool.restore(place, target)));
  rmSync(place, { recursive: true, force: true });
}

function toolsFor(rgw: CephRgw): readonly Tool[] {
  const tools = [holdfast('holdfast', rgw, true), holdfast('holdfast without acls', rgw, false)];
  const aws = findProgram('aws');
  const rclone = findProgram('rclone');
  if (aws === undefined) console.log('aws is not installed and is left out');
  else tools.push(awsSync(aws, rgw));
  if (rclone === undefined) console.log('rclone is not installed and is left out');
  else tools.push(rcloneSync(rclone, rgw));
  return tools;
}

function holdfast(name: string, rgw: CephRgw, keepsAcls: boolean): Tool {
  const program = join(import.meta.dirname, 'holdfast-process.ts');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', program];
  const env = {
    S3_ENDPOINT: rgw.endpoint,
    S3_REGION: rgw.region,
    S3_ACCESS_KEY_ID: rgw.accessKeyId,
    S3_SECRET_ACCESS_KEY: rgw.secretAccessKey,
    S3_OBJECT_ACLS: String(keepsAcls),
  };
  return {
    name,
    makesBucket: true,
    prepare: async (place) => {
      await measure({ command: [...node, 'init', place], env });
    },
    backup: (bucket, place, run) => ({ command: [...node, 'backup', place, bucket, String(run)], env }),
    restore: (place, bucket) => ({ command: [...node, 'restore', place, bucket], env }),
  };
}

function awsSync(program: string, rgw: CephRgw): Tool {
  const env = { AWS_ACCESS_KEY_ID: rgw.accessKeyId, AWS_SECRET_ACCESS_KEY: rgw.secretAccessKey };
  const sync = (from: string, to: string): Program => {
    const at = ['--endpoint-url', rgw.endpoint, '--region', rgw.region];
    return { command: [program, 's3', 'sync', from, to, '--quiet', ...at], env };
  };
  return {
    name: 'aws s3 sync',
    makesBucket: false,
    backup: (bucket, place) => sync(`s3://${bucket}`, place),
    restore: (place, bucket) => sync(place, `s3://${bucket}`),
  };
}

function rcloneSync(program: string, rgw: CephRgw): Tool {
  const env = {
    RCLONE_CONFIG: '/dev/null',
    // rclone refuses to start where this is set for others.
    AWS_CA_BUNDLE: '',
    RCLONE_CONFIG_STORE_TYPE: 's3',
    RCLONE_CONFIG_STORE_PROVIDER: 'Ceph',
    RCLONE_CONFIG_STORE_ENDPOINT: rgw.endpoint,
    RCLONE_CONFIG_STORE_REGION: rgw.region,
    RCLONE_CONFIG_STORE_ACCESS_KEY_ID: rgw.accessKeyId,
    RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: rgw.secretAccessKey,
  };
  // As many transfers as Holdfast may have requests in flight.
  const flags = ['--transfers', '64', '--checkers', '64', '--quiet'];
  return {
    name: 'rclone',
    makesBucket: false,
    backup: (bucket, place) => ({ command: [program, 'sync', `store:${bucket}`, place, ...flags], env }),
    restore: (place, bucket) => ({ command: [program, 'sync', place, `store:${bucket}`, ...flags], env }),
  };
}

function print(results: ReadonlyMap<string, ReadonlyMap<string, readonly Measurement[]>>): object {
  const report: Record<string, Record<string, unknown>> = {};
  for (const step of ['first backup', 'unchanged', 'restore']) {
    const own = median((results.get('holdfast')?.get(step) ?? []).map(({ seconds }) => seconds));
    for (const [tool, steps] of results) {
      const values = steps.get(step) ?? [];
      const value = median(values.map(({ seconds }) => seconds));
      const peakMiB = Math.max(...values.map((each) => each.peakMiB));
      const ratio = tool === 'holdfast' ? '' : `  ${tool}/holdfast = ${(value / own).toFixed(2)}`;
      console.log(
        `  ${step.padEnd(13)} ${tool.padEnd(22)} ${value.toFixed(2).padStart(8)} s  peak ${peakMiB.toFixed(0)} MiB${ratio}`,
      );
      report[step] = {
        ...report[step],
        [tool]: { median: value, values: values.map(({ seconds }) => seconds), peakMiB },
      };
    }
  }
  return report;
}
