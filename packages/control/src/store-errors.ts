import { StoreError } from '@holdfast/engine';
import { serviceUnavailable } from './errors.ts';

type AnyHandler = (...parameters: never[]) => Promise<unknown>;

/** The same handlers, answering ServiceUnavailableException when the store behind a vault fails (API-20). */
export function answeringStoreErrors<Handlers extends object>(handlers: Handlers): Handlers {
  const wrapped = Object.entries(handlers).map(([name, handler]) => [name, answering(handler as AnyHandler)]);
  return Object.fromEntries(wrapped) as Handlers;
}

function answering(handler: AnyHandler): AnyHandler {
  return async (...parameters) => {
    try {
      return await handler(...parameters);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      throw serviceUnavailable(`The vault's store cannot do that now: ${error.message}`, error);
    }
  };
}
