/** awsJson1.0 and 1.1: everything is a POST to `/`, the operation stands in `X-Amz-Target`. */
import { decodeStructure, parseJsonObject } from '../codec/decode-json.ts';
import { encodeStructure } from '../codec/encode-json.ts';
import { encodeJsonError } from './json-error.ts';
import type { ProtocolCodec } from './protocol-codec.ts';

const NAMES = { usesJsonName: false };

function awsJson(contentType: string): ProtocolCodec {
  return {
    family: 'awsJson',

    route(hosted, request) {
      const target = request.headers.get('x-amz-target') ?? '';
      const name = target.slice(target.lastIndexOf('.') + 1);
      const operation = request.method === 'POST' ? hosted.compiled.operations.get(name) : undefined;
      return operation === undefined ? { name: name.slice(0, 200) } : { operation, labels: new Map() };
    },

    decode: ({ operation }, request) => decodeStructure(operation.input, parseJsonObject(request.body), NAMES),

    encode: (_hosted, operation, output) => ({
      statusCode: 200,
      headers: { 'content-type': contentType },
      body: JSON.stringify(encodeStructure(operation.output, output, NAMES)),
    }),

    encodeError: (hosted, error) => encodeJsonError(hosted, error, contentType),
  };
}

export const awsJson10 = awsJson('application/x-amz-json-1.0');
export const awsJson11 = awsJson('application/x-amz-json-1.1');
