/** Finds the service and the protocol that a request speaks. */
import type { ServiceImplementation } from '../handling/handler.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { Protocol } from '../model/service.ts';
import { awsJson10, awsJson11 } from '../protocols/aws-json.ts';
import { awsQuery, parameterOf, queryParameters } from '../protocols/aws-query.ts';
import { type HostedService, hostService } from '../protocols/hosted-service.ts';
import type { ProtocolCodec } from '../protocols/protocol-codec.ts';
import { restJson } from '../protocols/rest-json.ts';

const CODECS: Readonly<Record<Protocol, ProtocolCodec>> = {
  restJson1: restJson,
  awsJson1_0: awsJson10,
  awsJson1_1: awsJson11,
  awsQuery,
};

/** Where a request belongs. */
export interface Destination {
  /** Absent when no service here is meant. */
  readonly hosted: HostedService | undefined;
  readonly codec: ProtocolCodec;
}

export class ServiceRegistry {
  readonly #services: readonly HostedService[];

  /** @throws Error when two services would answer to the same name */
  constructor(implementations: readonly ServiceImplementation[]) {
    const names = implementations.map(({ service }) => service.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Error(`The service ${twice} was given twice`);
    this.#services = implementations.map(hostService);
  }

  /**
   * The credential scope decides; without one (an unsigned request) the target header or the action does, so that
   * even a refusal is written in the client's own protocol.
   * @param signingName service of the credential scope, when the request has one
   */
  find(request: WireRequest, signingName: string | undefined): Destination {
    const hosted = this.#hostedFor(request, signingName);
    if (hosted !== undefined) return { hosted, codec: CODECS[protocolOf(hosted, request)] };
    // Clients of the object store understand refusals in XML only.
    return { hosted, codec: CODECS[signingName === 's3' ? 'awsQuery' : guessProtocol(request)] };
  }

  #hostedFor(request: WireRequest, signingName: string | undefined): HostedService | undefined {
    const target = request.headers.get('x-amz-target');
    const byTarget = (hosted: HostedService) =>
      target !== undefined && target.slice(0, target.lastIndexOf('.')) === hosted.service.targetPrefix;
    if (signingName !== undefined) {
      const named = this.#services.filter(({ service }) => service.signingNames.includes(signingName));
      return named.find(byTarget) ?? named[0];
    }
    return this.#services.find(byTarget) ?? this.#byAction(request);
  }

  #byAction(request: WireRequest): HostedService | undefined {
    const parameters = queryParameters(request);
    const action = parameterOf(parameters, 'Action');
    if (action === undefined) return undefined;
    const version = parameterOf(parameters, 'Version');
    return this.#services.find(
      ({ service }) =>
        service.protocols.includes('awsQuery') && service.operations.has(action) && version === service.apiVersion,
    );
  }
}

function protocolOf({ service }: HostedService, request: WireRequest): Protocol {
  const preferred = guessProtocol(request);
  if (service.protocols.includes(preferred)) return preferred;
  const sibling = preferred === 'awsJson1_0' ? 'awsJson1_1' : 'awsJson1_0';
  if (preferred.startsWith('awsJson') && service.protocols.includes(sibling)) return sibling;
  return service.protocols[0] ?? 'restJson1';
}

function guessProtocol(request: WireRequest): Protocol {
  const contentType = request.headers.get('content-type')?.toLowerCase() ?? '';
  if (request.headers.has('x-amz-target')) return contentType.includes('json-1.0') ? 'awsJson1_0' : 'awsJson1_1';
  if (contentType.startsWith('application/x-amz-json-1.0')) return 'awsJson1_0';
  if (contentType.startsWith('application/x-amz-json')) return 'awsJson1_1';
  if (contentType.startsWith('application/x-www-form-urlencoded')) return 'awsQuery';
  return parameterOf(request.parameters, 'Action') === undefined ? 'restJson1' : 'awsQuery';
}
