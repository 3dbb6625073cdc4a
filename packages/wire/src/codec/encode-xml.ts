/** Typed values to XML as the query protocol writes it, by shape. */
import type { Member, Shape, StructureShape } from '../model/shape.ts';
import { wrongOutput } from './encode-json.ts';
import { encodeText } from './text-values.ts';

/** The members of a structure as elements, without an element around them. */
export function encodeXmlMembers(shape: StructureShape, source: object): string {
  const values = source as Readonly<Record<string, unknown>>;
  let xml = '';
  for (const member of shape.members) {
    const value = values[member.name];
    if (value !== undefined && value !== null) xml += encodeMember(member, value);
  }
  return xml;
}

function encodeMember(member: Member, value: unknown): string {
  const { shape, xmlName, name } = member;
  if (member.isFlattened && shape.kind === 'list') return encodeItems(shape.item, value, xmlName, name);
  if (member.isFlattened && shape.kind === 'map') return encodeEntries(shape, value, xmlName, name);
  return element(xmlName, encodeContent(shape, value, name));
}

function encodeContent(shape: Shape, value: unknown, path: string): string {
  switch (shape.kind) {
    case 'structure':
      if (typeof value !== 'object' || value === null) throw wrongOutput(path, 'an object');
      return encodeXmlMembers(shape, value);
    case 'list':
      return encodeItems(shape.item, value, shape.itemName, path);
    case 'map':
      return encodeEntries(shape, value, 'entry', path);
    default:
      return escapeXml(encodeText(shape, value, 'dateTime', path));
  }
}

function encodeItems(item: Shape, value: unknown, itemName: string, path: string): string {
  if (!Array.isArray(value)) throw wrongOutput(path, 'an array');
  return value
    .filter((entry: unknown) => entry !== undefined && entry !== null)
    .map((entry: unknown) => element(itemName, encodeContent(item, entry, `${path}[]`)))
    .join('');
}

function encodeEntries(
  shape: Extract<Shape, { kind: 'map' }>,
  value: unknown,
  entryName: string,
  path: string,
): string {
  if (typeof value !== 'object' || value === null) throw wrongOutput(path, 'an object');
  return Object.entries(value)
    .filter(([, entry]) => entry !== undefined && entry !== null)
    .map(([key, entry]) => {
      const content = encodeContent(shape.value, entry, `${path}.${key}`);
      return element(entryName, element(shape.keyName, escapeXml(key)) + element(shape.valueName, content));
    })
    .join('');
}

export function element(name: string, content: string): string {
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;',
  '\n': '&#xA;',
};
const ESCAPED = /[&<>"'\r\n]/g;
/** Characters that XML 1.0 cannot hold in any form, lone surrogates included. */
const IMPOSSIBLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

export function escapeXml(text: string): string {
  return text.replace(IMPOSSIBLE, '\uFFFD').replace(ESCAPED, (character) => ESCAPES[character] ?? character);
}
