import { readFile } from 'node:fs/promises';
import { ConnectorError } from '@holdfast/connectors/sdk';

/**
 * Resolves a secret reference: `env:NAME` or `file:PATH` (without its final line break). Messages name the reference and
 * never the value.
 * @throws ConnectorError `invalid-request` when the reference leads nowhere
 */
export async function resolveSecret(reference: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const [kind, rest = ''] = splitOnce(reference);
  if (kind === 'env') {
    const value = env[rest];
    if (value !== undefined && value !== '') return value;
    throw unresolved(reference, 'the environment variable is not set in the process of the server or worker');
  }
  if (kind === 'file') {
    try {
      return (await readFile(rest, 'utf8')).replace(/\r?\n$/, '');
    } catch (error) {
      throw unresolved(reference, (error as Error).message, error);
    }
  }
  throw unresolved(kind === 'secret' ? reference : `${kind}:...`, 'a secret reference is env:NAME or file:PATH');
}

function splitOnce(reference: string): [string, string | undefined] {
  const at = reference.indexOf(':');
  return at < 0 ? [reference, undefined] : [reference.slice(0, at), reference.slice(at + 1)];
}

function unresolved(reference: string, reason: string, cause?: unknown): ConnectorError {
  return new ConnectorError('invalid-request', `The secret reference ${reference} cannot be resolved: ${reason}.`, {
    cause,
  });
}
