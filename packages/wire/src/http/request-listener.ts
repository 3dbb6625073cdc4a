/** Answers requests of `node:http` for all services at one address. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AuditRecord } from '../handling/ports.ts';
import type { WireResponse } from '../protocols/wire-response.ts';
import { ServiceRegistry } from '../routing/service-registry.ts';
import { SignatureVerifier } from '../signature/signature-verifier.ts';
import { Exchange, type ExchangeTools, type Peer } from './exchange.ts';
import type { ListenerOptions } from './listener-options.ts';
import { parseHead, type RequestHead } from './parse-request.ts';
import { type BodyResult, readBody } from './read-body.ts';
import { redact } from './redact.ts';
import { sendResponse } from './send-response.ts';

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;
const DEFAULT_BODY_TIMEOUT_MS = 30_000;
const DEFAULT_HANDLER_TIMEOUT_MS = 60_000;

/**
 * Builds the listener to give to `http.createServer`.
 * Never throws and never leaves a request without an answer, unless the client hangs up.
 * @throws Error when two services would answer to the same name
 */
export function createRequestListener(options: ListenerOptions): RequestListener {
  const tools: ExchangeTools = {
    options,
    registry: new ServiceRegistry(options.services),
    verifier: new SignatureVerifier(options.credentials, options.acceptsRegion),
  };
  return (request, response) => {
    serve(tools, request, response).catch((error: unknown) => {
      // The answer broke off: only the connection is left to give up.
      options.log.error('An answer could not be sent', {
        error: error instanceof Error ? error.message : String(error),
      });
      response.destroy();
    });
  };
}

async function serve(tools: ExchangeTools, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { options } = tools;
  const exchange = new Exchange(tools, peerOf(request));
  const head = parseHead(request);
  const body = await readBody(
    request,
    options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    options.bodyTimeoutMs ?? DEFAULT_BODY_TIMEOUT_MS,
  );
  if (body.kind === 'aborted') return;
  const answer = await answerTo(exchange, head, body, response, options.handlerTimeoutMs ?? DEFAULT_HANDLER_TIMEOUT_MS);
  try {
    await sendResponse(response, answer, exchange.requestId, !request.complete);
  } finally {
    audit(options, exchange, head, answer);
  }
}

async function answerTo(
  exchange: Exchange,
  head: RequestHead,
  body: Exclude<BodyResult, { kind: 'aborted' }>,
  response: ServerResponse,
  timeoutMs: number,
): Promise<WireResponse> {
  if (body.kind === 'tooLarge') return exchange.refuseUnread(head, 'bodyTooLarge', 'The request body is too large');
  if (body.kind === 'tooSlow')
    return exchange.refuseUnread(head, 'bodyTooSlow', 'The request body did not arrive in time');
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  // A connection also closes after a complete answer; what a handler set going then may run on.
  response.once('close', () => {
    if (!response.writableFinished) abort();
  });
  try {
    return await exchange.answer(head, body.body, controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

function peerOf(request: IncomingMessage): Peer {
  return {
    sourceIp: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 1024),
    isSecure: 'encrypted' in request.socket,
  };
}

function audit(
  { audit: port, clock, log }: ListenerOptions,
  exchange: Exchange,
  head: RequestHead,
  answer: WireResponse,
): void {
  if (port === undefined) return;
  try {
    port(recordOf(exchange, head, answer.statusCode, clock.now()));
  } catch (error) {
    log.error('The audit trail refused a record', { requestId: exchange.requestId, error: String(error) });
  }
}

function recordOf(exchange: Exchange, head: RequestHead, statusCode: number, now: number): AuditRecord {
  const { hosted, operation, caller, input, output, error, peer } = exchange;
  return {
    requestId: exchange.requestId,
    receivedAt: exchange.receivedAt,
    durationMs: now - exchange.receivedAt,
    ...peer,
    method: head.method,
    path: head.path.slice(0, 2048),
    statusCode,
    ...(hosted === undefined ? {} : { service: hosted.service.name }),
    ...(operation === undefined ? {} : { operation: operation.name }),
    ...(caller === undefined ? {} : callerFacts(caller)),
    ...(error === undefined ? {} : { errorCode: error.code, errorMessage: error.message }),
    requestParameters: () =>
      operation === undefined || input === undefined ? undefined : redact(operation.input, input),
    responseElements: () =>
      operation === undefined || output === undefined ? undefined : redact(operation.output, output),
  };
}

function callerFacts({ authorization, credential }: NonNullable<Exchange['caller']>) {
  return {
    region: authorization.region,
    accessKeyId: authorization.accessKeyId,
    principal: credential.principal,
  };
}
