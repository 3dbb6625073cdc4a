/** restJson1: members travel in path, query string, headers and a JSON body, as the schema binds them. */
import { DecodeError } from '../codec/decode-error.ts';
import { decodeJson, decodeStructure, parseJsonObject } from '../codec/decode-json.ts';
import { encodeJson, encodeStructure, wrongOutput } from '../codec/encode-json.ts';
import { decodeText, encodeText } from '../codec/text-values.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { Member, Operation } from '../model/shape.ts';
import { encodeJsonError } from './json-error.ts';
import type { ProtocolCodec, Route } from './protocol-codec.ts';
import type { WireResponse } from './wire-response.ts';

const NAMES = { usesJsonName: true };
const JSON_TYPE = 'application/json';

export const restJson: ProtocolCodec = {
  family: 'restJson',

  route(hosted, request) {
    const match = hosted.router.match(request.method, request.path, (name, value) =>
      request.parameters.some(
        (parameter) => parameter.name === name && (value === undefined || parameter.value === value),
      ),
    );
    return match ?? { name: `${request.method} ${request.path.slice(0, 200)}` };
  },

  decode(route, request) {
    const { input } = route.operation;
    const bodyMembers = input.members.filter(({ location }) => location === 'body');
    const target =
      bodyMembers.length === 0
        ? {}
        : decodeStructure({ ...input, members: bodyMembers }, parseJsonObject(request.body), NAMES);
    for (const member of input.members) {
      const value = member.location === 'body' ? undefined : decodeBound(member, route, request);
      if (value !== undefined) target[member.name] = value;
    }
    return target;
  },

  encode(_hosted, operation, output) {
    const { members } = operation.output;
    const values = output as Readonly<Record<string, unknown>>;
    const headers: Record<string, string> = {};
    for (const member of members) encodeHeader(member, values[member.name], headers);
    const statusCode = statusOf(operation, values);
    const payload = members.find(({ location }) => location === 'payload');
    if (payload !== undefined) return encodePayload(payload, values[payload.name], statusCode, headers);
    // An operation whose output has no members answers with an empty body (API-7, API2-3).
    if (!members.some(({ location }) => location === 'body')) return { statusCode, headers, body: '' };
    const body = encodeStructure(operation.output, output, NAMES, ({ location }) => location === 'body');
    return { statusCode, headers: { ...headers, 'content-type': JSON_TYPE }, body: JSON.stringify(body) };
  },

  encodeError: (hosted, error) => encodeJsonError(hosted, error, JSON_TYPE),
};

function decodeBound(member: Member, { labels }: Route, request: WireRequest): unknown {
  switch (member.location) {
    case 'label': {
      const text = labels.get(member.name) ?? '';
      return text === '' ? undefined : decodeText(member.shape, text, member.name);
    }
    case 'query':
      return decodeQueryMember(member, request);
    case 'queryMap':
      return decodeQueryMap(member, request);
    case 'header': {
      const text = request.headers.get(member.locationName);
      return text === undefined ? undefined : decodeHeader(member, text);
    }
    case 'headerMap': {
      const prefix = member.locationName;
      const entries = [...request.headers].filter(([name]) => name.startsWith(prefix));
      return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
    }
    case 'payload':
      return decodePayload(member, request.body);
    default:
      return undefined;
  }
}

/** Names match without regard to case (API2-10). An empty value of anything but a string counts as absent. */
function decodeQueryMember({ shape, locationName, name }: Member, request: WireRequest): unknown {
  const wanted = locationName.toLowerCase();
  const found = request.parameters.filter((parameter) => parameter.name.toLowerCase() === wanted);
  const first = found[0];
  if (first === undefined) return undefined;
  if (shape.kind === 'list') return found.map(({ value }) => decodeText(shape.item, value, name));
  if (first.value === '' && shape.kind !== 'string') return undefined;
  // The offset of a time may come with a bare plus sign, which elsewhere means a space.
  const text = shape.kind === 'timestamp' ? first.value.replace(/ (\d\d:?\d\d)$/, '+$1') : first.value;
  return decodeText(shape, text, name);
}

function decodeQueryMap(member: Member, request: WireRequest): unknown {
  if (member.shape.kind !== 'map') return undefined;
  const { value: valueShape } = member.shape;
  const target = new Map<string, unknown>();
  for (const { name, value } of request.parameters) {
    if (name.toLowerCase().startsWith('x-amz-')) continue;
    if (valueShape.kind === 'list') {
      target.set(name, [
        ...((target.get(name) as unknown[] | undefined) ?? []),
        decodeText(valueShape.item, value, name),
      ]);
    } else if (!target.has(name)) {
      target.set(name, decodeText(valueShape, value, name));
    }
  }
  return Object.fromEntries(target);
}

function decodeHeader({ shape, name }: Member, text: string): unknown {
  if (shape.kind !== 'list') return decodeText(shape, text.trim(), name);
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => decodeText(shape.item, part, name));
}

function decodePayload({ shape, name }: Member, body: Uint8Array): unknown {
  if (shape.kind === 'blob' || shape.kind === 'stream') return body;
  if (body.byteLength === 0) return undefined;
  if (shape.kind === 'string') return Buffer.from(body).toString('utf8');
  if (shape.kind === 'structure' || shape.kind === 'map') return decodeJson(shape, parseJsonObject(body), NAMES, name);
  throw new DecodeError('malformed', `The body cannot carry ${name}`);
}

function encodeHeader(member: Member, value: unknown, headers: Record<string, string>): void {
  if (value === undefined || value === null) return;
  if (member.location === 'header') {
    headers[member.locationName] = headerText(member, value);
  } else if (member.location === 'headerMap') {
    for (const [name, entry] of Object.entries(value))
      headers[`${member.locationName}${name.toLowerCase()}`] = String(entry);
  }
}

function headerText({ shape, name }: Member, value: unknown): string {
  if (shape.kind !== 'list') return encodeText(shape, value, 'httpDate', name);
  if (!Array.isArray(value)) throw wrongOutput(name, 'an array');
  return value.map((item: unknown) => encodeText(shape.item, item, 'httpDate', name)).join(', ');
}

function statusOf(operation: Operation, values: Readonly<Record<string, unknown>>): number {
  const member = operation.output.members.find(({ location }) => location === 'status');
  const value = member === undefined ? undefined : values[member.name];
  return typeof value === 'number' ? value : operation.successStatus;
}

function encodePayload(
  member: Member,
  value: unknown,
  statusCode: number,
  headers: Record<string, string>,
): WireResponse {
  if (value === undefined || value === null) return { statusCode, headers, body: '' };
  const binary = { 'content-type': 'application/octet-stream', ...headers };
  if (isByteStream(value)) return { statusCode, headers: binary, body: value };
  if (value instanceof Uint8Array) return { statusCode, headers: binary, body: value };
  if (typeof value === 'string')
    return { statusCode, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: value };
  const body = JSON.stringify(encodeJson(member.shape, value, NAMES, member.name));
  return { statusCode, headers: { ...headers, 'content-type': JSON_TYPE }, body };
}

function isByteStream(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
