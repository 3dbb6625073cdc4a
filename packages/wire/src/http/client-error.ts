/** Answers what never became a request: broken HTTP, headers too large, clients too slow for their headers. */
import type { Duplex } from 'node:stream';
import type { IdsPort } from '../handling/ports.ts';

const STATUSES: Readonly<Record<string, readonly [status: string, code: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'RequestHeaderFieldsTooLargeException'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'RequestTimeoutException'],
};

/** Builds the listener for the `clientError` event of `node:http`'s server. */
export function createClientErrorListener(ids: IdsPort): (error: NodeJS.ErrnoException, socket: Duplex) => void {
  return (error, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const [status, code] = STATUSES[error.code ?? ''] ?? ['400 Bad Request', 'ValidationError'];
    const body = JSON.stringify({ __type: code, message: `The request is not valid HTTP: ${status.slice(4)}` });
    const headers = [
      'connection: close',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-amzn-errortype: ${code}`,
      `x-amzn-requestid: ${ids.requestId()}`,
    ];
    socket.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
  };
}
