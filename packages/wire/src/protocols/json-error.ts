/** Error answers of the JSON protocols: the name in a header and in `__type`, members by the error's shape (API-251). */
import { encodeStructure } from '../codec/encode-json.ts';
import type { HostedService } from './hosted-service.ts';
import type { WireError } from './wire-error.ts';
import type { WireResponse } from './wire-response.ts';

export function encodeJsonError(
  hosted: HostedService | undefined,
  error: WireError,
  contentType: string,
): WireResponse {
  const declared = hosted?.compiled.errors.get(error.code);
  const headers: Record<string, string> = { 'content-type': contentType, 'x-amzn-errortype': error.code };
  const body: Record<string, unknown> = { __type: error.code };
  const messageMember = declared?.shape.members.find(({ name }) => name.toLowerCase() === 'message');
  // Clients look for the message under the modelled member first and under `message` when there is no model.
  body[messageMember?.name ?? 'message'] = error.message;
  if (declared !== undefined) {
    const { message: _own, Message: _modelled, ...members } = error.members;
    Object.assign(body, encodeStructure(declared.shape, members, { usesJsonName: true }));
    // What the model requires must be there, also when the wire itself refused: `ErrorCode` of the gateway (GW-7).
    for (const { isRequired, jsonName } of declared.shape.members) if (isRequired) body[jsonName] ??= error.code;
    if (declared.queryCode !== undefined && contentType.startsWith('application/x-amz-json')) {
      headers['x-amzn-query-error'] = `${declared.queryCode};${error.statusCode < 500 ? 'Sender' : 'Receiver'}`;
    }
  }
  return { statusCode: error.statusCode, headers, body: JSON.stringify(body) };
}
