import type { CheckFinding } from '../sdk/v1/connector.ts';
import { type Buckets, versioningProblem } from './buckets.ts';
import type { S3Settings } from './config.ts';
import type { S3Connection } from './connection.ts';
import { s3Error } from './errors.ts';
import { whyNoTopics } from './notifications/subscription.ts';
import { listVersions } from './version-listing.ts';

const LISTED_IN_A_HINT = 10;

export interface CheckDependencies {
  readonly connection: S3Connection;
  readonly buckets: Buckets;
  readonly settings: S3Settings;
}

/** What a source needs, one finding for each thing, with what to do about it. */
export async function checkSource(
  dependencies: CheckDependencies,
  signal: AbortSignal,
): Promise<readonly CheckFinding[]> {
  const { connection, buckets, settings } = dependencies;
  const what = `${settings.endpoint ?? 'AWS'} answers and lists buckets`;
  let names: readonly string[];
  try {
    names = (await buckets.list(signal)).map(({ Name = '' }) => Name);
  } catch (error) {
    signal.throwIfAborted();
    return [failed(what, s3Error('The buckets cannot be listed', error).message)];
  }
  const findings: CheckFinding[] = [{ what, ok: true }, await howChangesAreFound(dependencies, signal)];
  if (names.length === 0) {
    findings.push({
      what: 'there is a bucket to protect',
      ok: false,
      advisory: true,
      hint: 'The settings choose none of the buckets of this endpoint: see include and exclude.',
    });
  }
  const unversioned: string[] = [];
  const closed: string[] = [];
  for (const name of names) {
    signal.throwIfAborted();
    try {
      const { versioning } = await buckets.describe(name, signal);
      if (versioningProblem(name, versioning) !== undefined) unversioned.push(name);
      else await readFirst(connection, name, signal);
    } catch (error) {
      signal.throwIfAborted();
      closed.push(s3Error(name, error).message);
    }
  }
  findings.push(listed('every chosen bucket keeps versions', unversioned, 'Turn versioning on, or leave out: '));
  findings.push(listed('every chosen bucket can be listed', closed, 'Grant the rights of the README, or leave out: '));
  return findings;
}

/** Listing is always possible, so what keeps notifications away is no failure. */
async function howChangesAreFound(
  { connection, settings }: CheckDependencies,
  signal: AbortSignal,
): Promise<CheckFinding> {
  const what = (how: string): string => `continuous backups find changes by ${how}`;
  if (settings.notifications === undefined) {
    return { what: what('listing, since the setting notifications says no address to send them to'), ok: true };
  }
  const reason =
    settings.endpoint === undefined ? 'AWS wants its topics confirmed' : await whyNoTopics(connection, signal);
  if (reason === undefined) return { what: what('notifications, and by listing once an hour'), ok: true };
  return {
    what: what('notifications'),
    ok: false,
    advisory: true,
    hint: `They are found by listing, since ${reason}.`,
  };
}

/** Listing is a right of its own, which describing a bucket does not prove. */
async function readFirst(connection: S3Connection, bucket: string, signal: AbortSignal): Promise<void> {
  for await (const _ of listVersions(connection, bucket, signal)) return;
}

function listed(what: string, bad: readonly string[], cure: string): CheckFinding {
  if (bad.length === 0) return { what, ok: true };
  const more = bad.length > LISTED_IN_A_HINT ? ` and ${bad.length - LISTED_IN_A_HINT} more` : '';
  // The other buckets can be backed up all the same.
  return { what, ok: false, advisory: true, hint: `${cure}${bad.slice(0, LISTED_IN_A_HINT).join(', ')}${more}` };
}

function failed(what: string, hint: string): CheckFinding {
  return { what, ok: false, hint };
}
