import { createHmac, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'token';

/**
 * The secret part of the address to which the notifications of one bucket go: unguessable, of this source on this machine
 * alone, and the same for all its processes.
 * @param directory where the source keeps what belongs to notifications
 */
export async function tokenOf(directory: string, bucket: string): Promise<string> {
  const secret = (await readSecret(directory)) ?? (await makeSecret(directory));
  return createHmac('sha256', secret).update(bucket).digest('base64url');
}

async function readSecret(directory: string): Promise<string | undefined> {
  try {
    return await readFile(join(directory, FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Of processes that make one at the same time the first wins, whose file is whole when it gets its name. */
async function makeSecret(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const own = join(directory, `${FILE}.${process.pid}.${randomBytes(4).toString('hex')}`);
  await writeFile(own, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true });
  try {
    await link(own, join(directory, FILE));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(own);
  }
  const secret = await readSecret(directory);
  if (secret === undefined) throw new Error(`${join(directory, FILE)} was removed`);
  return secret;
}
