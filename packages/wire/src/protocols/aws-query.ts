/** awsQuery: `Action` and members as form parameters in the body or the query string; answers in XML. */
import { decodeQuery } from '../codec/decode-query.ts';
import { element, encodeXmlMembers, escapeXml } from '../codec/encode-xml.ts';
import { type Parameter, parseParameters } from '../codec/parameters.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { HostedService } from './hosted-service.ts';
import type { ProtocolCodec } from './protocol-codec.ts';

const XML_TYPE = 'text/xml';

export const awsQuery: ProtocolCodec = {
  family: 'query',

  route(hosted, request) {
    const parameters = queryParameters(request);
    const action = parameterOf(parameters, 'Action') ?? '';
    const version = parameterOf(parameters, 'Version');
    const isKnownVersion = version === undefined || version === hosted.service.apiVersion;
    const isKnownMethod = request.method === 'POST' || request.method === 'GET';
    const operation = isKnownVersion && isKnownMethod ? hosted.compiled.operations.get(action) : undefined;
    if (operation !== undefined) return { operation, labels: new Map() };
    return { name: `${action.slice(0, 200)}${isKnownVersion ? '' : ` of version ${version?.slice(0, 32)}`}` };
  },

  decode: ({ operation }, request) => decodeQuery(operation.input, queryParameters(request)),

  encode(hosted, operation, output, requestId) {
    const { members } = operation.output;
    const result =
      members.length === 0 ? '' : element(`${operation.name}Result`, encodeXmlMembers(operation.output, output));
    const metadata = element('ResponseMetadata', element('RequestId', requestId));
    const body = `<${operation.name}Response${namespaceOf(hosted)}>${result}${metadata}</${operation.name}Response>`;
    return { statusCode: 200, headers: { 'content-type': XML_TYPE }, body };
  },

  encodeError(hosted, error, requestId) {
    const declared = hosted?.compiled.errors.get(error.code);
    const code = declared?.queryCode ?? error.code;
    const type = element('Type', error.statusCode < 500 ? 'Sender' : 'Receiver');
    const members = declared === undefined ? '' : encodeXmlMembers(withoutMessage(declared.shape), error.members);
    const content = `${type}${element('Code', escapeXml(code))}${element('Message', escapeXml(error.message))}${members}`;
    const body = `<ErrorResponse${namespaceOf(hosted)}>${element('Error', content)}${element('RequestId', requestId)}</ErrorResponse>`;
    return { statusCode: error.statusCode, headers: { 'content-type': XML_TYPE, 'x-amzn-errortype': code }, body };
  },
};

function namespaceOf(hosted: HostedService | undefined): string {
  const namespace = hosted?.service.xmlNamespace;
  return namespace === undefined ? '' : ` xmlns="${escapeXml(namespace)}"`;
}

/** The frame of an error has a message of its own. */
function withoutMessage<S extends { members: readonly { readonly name: string }[] }>(shape: S): S {
  return { ...shape, members: shape.members.filter(({ name }) => name.toLowerCase() !== 'message') };
}

/** Parameters of the body first, then those of the query string. Parsed once per request. */
export function queryParameters(request: WireRequest): readonly Parameter[] {
  const known = parsed.get(request);
  if (known !== undefined) return known;
  const isForm =
    request.headers.get('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded') ?? false;
  const body = isForm ? parseParameters(Buffer.from(request.body).toString('utf8')) : [];
  const parameters = body.length === 0 ? request.parameters : [...body, ...request.parameters];
  parsed.set(request, parameters);
  return parameters;
}

const parsed = new WeakMap<WireRequest, readonly Parameter[]>();

export function parameterOf(parameters: readonly Parameter[], name: string): string | undefined {
  return parameters.find((parameter) => parameter.name === name)?.value;
}
