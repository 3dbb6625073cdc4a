/** One request from its arrival to the decision about its answer; collects on the way what the audit trail wants. */
import { DecodeError } from '../codec/decode-error.ts';
import type { AnyHandler } from '../handling/handler.ts';
import type { RequestContext } from '../handling/request-context.ts';
import { ServiceError } from '../handling/service-error.ts';
import type { Operation } from '../model/shape.ts';
import type { HostedService } from '../protocols/hosted-service.ts';
import type { ProtocolCodec, Route } from '../protocols/protocol-codec.ts';
import { restJson } from '../protocols/rest-json.ts';
import { type CommonProblem, commonError, serviceError, type WireError } from '../protocols/wire-error.ts';
import type { WireResponse } from '../protocols/wire-response.ts';
import type { ServiceRegistry } from '../routing/service-registry.ts';
import { peekSigningName } from '../signature/authorization.ts';
import { SignatureError } from '../signature/signature-error.ts';
import type { Caller, SignatureVerifier } from '../signature/signature-verifier.ts';
import { checkInput } from '../validation/check-input.ts';
import type { ListenerOptions } from './listener-options.ts';
import { parseRequest, type RequestHead } from './parse-request.ts';
import type { WireRequest } from './wire-request.ts';

/** Facts about the connection. */
export interface Peer {
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly isSecure: boolean;
}

export interface ExchangeTools {
  readonly options: ListenerOptions;
  readonly registry: ServiceRegistry;
  readonly verifier: SignatureVerifier;
}

/** A refusal by the wire itself. */
class CommonRefusal extends Error {
  readonly problem: CommonProblem;

  constructor(problem: CommonProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

export class Exchange {
  readonly #tools: ExchangeTools;
  readonly requestId: string;
  readonly receivedAt: number;
  readonly peer: Peer;
  hosted: HostedService | undefined;
  operation: Operation | undefined;
  caller: Caller | undefined;
  input: Readonly<Record<string, unknown>> | undefined;
  output: object | undefined;
  error: WireError | undefined;
  #codec: ProtocolCodec = restJson;

  constructor(tools: ExchangeTools, peer: Peer) {
    this.#tools = tools;
    this.peer = peer;
    this.requestId = tools.options.ids.requestId();
    this.receivedAt = tools.options.clock.now();
  }

  /** Does the whole way and answers in any case. */
  async answer(head: RequestHead, body: Uint8Array, signal: AbortSignal): Promise<WireResponse> {
    try {
      const request = this.#receive(head, body);
      this.caller = await this.#tools.verifier.verify(request, this.receivedAt);
      const { hosted, route } = this.#locate(request);
      const context = this.#contextOf(hosted, route.operation, this.caller, signal);
      const handler = hosted.handlers.get(route.operation.name);
      if (handler === undefined) throw unsupported(context);
      const input = this.#decode(hosted, route, request);
      const action = `${hosted.service.name}:${route.operation.name}`;
      await this.#tools.options.authorize({ context, action, input });
      const output = await this.#run(handler, input, context, signal);
      this.output = output;
      return this.#codec.encode(hosted, route.operation, output, this.requestId);
    } catch (error) {
      return this.refuse(error);
    }
  }

  /** The answer to a request that failed for the given reason. */
  refuse(error: unknown): WireResponse {
    this.error = this.#wireErrorOf(error);
    return this.#codec.encodeError(this.hosted, this.error, this.requestId);
  }

  /** The answer to a request that never became whole. */
  refuseUnread(head: RequestHead, problem: CommonProblem, message: string): WireResponse {
    try {
      this.#receive(head, new Uint8Array());
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
    return this.refuse(new CommonRefusal(problem, message));
  }

  #receive(head: RequestHead, body: Uint8Array): WireRequest {
    const { registry } = this.#tools;
    const signingName = peekSigningName(head.headers.get('authorization'), head.queryText);
    // Before anything can go wrong with parameters, so that the refusal has the client's protocol.
    const rough = registry.find({ ...head, parameters: [], body: new Uint8Array() }, signingName);
    this.hosted = rough.hosted;
    this.#codec = rough.codec;
    const request = parseRequest(head, body);
    const { hosted, codec } = registry.find(request, signingName);
    this.hosted = hosted;
    this.#codec = codec;
    const encoding = request.headers.get('content-encoding');
    if (encoding !== undefined && encoding !== 'identity' && body.byteLength > 0) {
      throw new CommonRefusal(
        'unsupportedEncoding',
        `Bodies with content-encoding '${encoding.slice(0, 32)}' are not supported`,
      );
    }
    return request;
  }

  #locate(request: WireRequest): { hosted: HostedService; route: Route } {
    const { hosted } = this;
    if (hosted === undefined) {
      const name = this.caller?.authorization.service ?? 'unknown';
      throw new CommonRefusal('unknownOperation', `The service '${name}' is not offered at this address`);
    }
    const route = this.#codec.route(hosted, request);
    if (route.operation === undefined) {
      const hint = 'Verify that it is typed correctly.';
      throw new CommonRefusal(
        'unknownOperation',
        `The service '${hosted.service.name}' has no operation '${route.name}'. ${hint}`,
      );
    }
    this.operation = route.operation;
    return { hosted, route };
  }

  #contextOf(hosted: HostedService, operation: Operation, caller: Caller, signal: AbortSignal): RequestContext {
    const { authorization, credential } = caller;
    return {
      requestId: this.requestId,
      service: hosted.service.name,
      operation: operation.name,
      accountId: credential.principal.accountId,
      region: authorization.region,
      principal: credential.principal,
      accessKeyId: authorization.accessKeyId,
      isTemporary: credential.sessionToken !== undefined,
      now: this.receivedAt,
      ...this.peer,
      signal,
    };
  }

  #decode(hosted: HostedService, route: Route, request: WireRequest): Readonly<Record<string, unknown>> {
    const input = this.#codec.decode(route, request);
    this.input = input;
    checkInput(hosted.service, route.operation.input, input);
    return input;
  }

  async #run(
    handler: AnyHandler,
    input: Readonly<Record<string, unknown>>,
    context: RequestContext,
    signal: AbortSignal,
  ) {
    const aborted = new Promise<never>((_resolve, reject) => {
      const give = () =>
        reject(new CommonRefusal('timedOut', 'The operation did not finish in time; it may still take effect'));
      if (signal.aborted) give();
      else signal.addEventListener('abort', give, { once: true });
    });
    const output: unknown = await Promise.race([handler(input, context), aborted]);
    if (typeof output !== 'object' || output === null) throw new TypeError('The handler returned no object');
    return output;
  }

  #wireErrorOf(error: unknown): WireError {
    const { family } = this.#codec;
    if (error instanceof ServiceError) return serviceError(this.hosted, family, error);
    if (error instanceof SignatureError || error instanceof CommonRefusal)
      return commonError(error.problem, family, error.message);
    if (error instanceof DecodeError) {
      const codes = this.hosted?.service.errorCodes;
      return serviceError(this.hosted, family, {
        code: codes?.[error.kind] ?? 'ValidationError',
        message: error.message,
      });
    }
    this.#tools.options.log.error('A request failed for a reason that no handler foresaw', {
      requestId: this.requestId,
      service: this.hosted?.service.name,
      operation: this.operation?.name,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    if (this.#tools.options.isTemporary?.(error) === true) {
      const code = this.hosted?.service.errorCodes.unavailable ?? 'ServiceUnavailable';
      const message = `Something that the service needs is away for now; try again later. The server's log says more under ${this.requestId}`;
      return serviceError(this.hosted, family, { code, message });
    }
    return commonError(
      'internal',
      family,
      `The request failed on our side; its ID in the server's log is ${this.requestId}`,
    );
  }
}

function unsupported({ service, operation }: RequestContext): CommonRefusal {
  return new CommonRefusal('unsupportedOperation', `Holdfast does not support ${service}:${operation} yet`);
}
