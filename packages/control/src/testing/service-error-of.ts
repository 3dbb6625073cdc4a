import assert from 'node:assert/strict';
import { ServiceError } from '@holdfast/wire';

/** Expects a modelled error with this code and a message that matches; the error for further questions. */
export async function serviceErrorOf(call: Promise<unknown>, code: string, message = /./): Promise<ServiceError> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return error;
  }
  assert.fail(`expected ${code}`);
}
