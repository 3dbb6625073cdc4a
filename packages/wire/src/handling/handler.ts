/** Handlers of operations, typed by the service's own definitions. */
import type { Operations } from '../model/operation-types.ts';
import type { Service } from '../model/service.ts';
import type { RequestContext } from './request-context.ts';

/** Does one operation. Input is decoded and validated; the output's members are encoded by their schema. */
export type Handler<Input, Output> = (input: Input, context: RequestContext) => Promise<Output>;

/** Handlers by operation name; operations may be missing and then answer "not supported". */
export type Handlers<Ops extends Operations> = {
  readonly [Name in keyof Ops]?: Handler<Ops[Name]['input'], Ops[Name]['output']>;
};

/** The handler type of one operation of a service: `HandlerOf<typeof backup, 'CreateBackupVault'>`. */
export type HandlerOf<S, Name extends string> =
  S extends Service<infer Ops>
    ? Name extends keyof Ops
      ? Handler<Ops[Name]['input'], Ops[Name]['output']>
      : never
    : never;

/** The untyped form in which the listener calls a handler. */
export type AnyHandler = (input: Readonly<Record<string, unknown>>, context: RequestContext) => Promise<object>;

/** A service with its handlers, ready for the request listener. */
export interface ServiceImplementation {
  readonly service: Service;
  readonly handlers: ReadonlyMap<string, AnyHandler>;
}

/**
 * Joins a service and its handlers.
 * @throws Error when a handler is named after no operation of the service
 */
export function implement<Ops extends Operations>(
  service: Service<Ops>,
  handlers: Handlers<Ops>,
): ServiceImplementation {
  const entries = new Map<string, AnyHandler>();
  for (const [name, handler] of Object.entries(handlers)) {
    if (!service.operations.has(name)) throw new Error(`${service.name} has no operation ${name}`);
    if (typeof handler === 'function') entries.set(name, handler as AnyHandler);
  }
  return { service, handlers: entries };
}
