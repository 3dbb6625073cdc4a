import { ConnectorError } from '@holdfast/connectors';
import { invalidParameter, invalidRequest, resourceNotFound } from '../errors.ts';

/** Runs work on a source; what its connector refuses becomes an error that the client can read. */
export async function answeringConnectorErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.class === 'invalid-request') throw invalidParameter(error.message);
    if (error.class === 'not-found') throw resourceNotFound(error.message);
    throw invalidRequest(error.message);
  }
}
