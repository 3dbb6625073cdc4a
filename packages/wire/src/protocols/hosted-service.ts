/** A service ready to take requests: its handlers, compiled schemas and router. */
import type { AnyHandler, ServiceImplementation } from '../handling/handler.ts';
import { type CompiledService, compileService } from '../model/compile-service.ts';
import type { Service } from '../model/service.ts';
import { UriRouter } from '../routing/uri-router.ts';

export interface HostedService {
  readonly service: Service;
  readonly handlers: ReadonlyMap<string, AnyHandler>;
  readonly compiled: CompiledService;
  readonly router: UriRouter;
}

export function hostService({ service, handlers }: ServiceImplementation): HostedService {
  const compiled = compileService(service);
  return { service, handlers, compiled, router: new UriRouter(compiled.operations.values()) };
}
