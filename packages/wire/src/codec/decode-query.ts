/** Parameters of the query protocol (`Tags.member.1.Key=…`) to typed values, by shape. */
import type { ListShape, MapShape, Member, Shape, StructureShape } from '../model/shape.ts';
import { DecodeError } from './decode-error.ts';
import type { Parameter } from './parameters.ts';
import { decodeText } from './text-values.ts';

/** Parameters as a tree by the dots in their names. */
interface Node {
  text: string | undefined;
  readonly children: Map<string, Node>;
}

const MAX_DEPTH = 64;

/** @throws DecodeError for a value of another type than the member's */
export function decodeQuery(shape: StructureShape, parameters: readonly Parameter[]): Record<string, unknown> {
  const root = newNode();
  for (const { name, value } of parameters) insert(root, name, value);
  return decodeMembers(shape, root, '');
}

function newNode(): Node {
  return { text: undefined, children: new Map() };
}

function insert(root: Node, name: string, value: string): void {
  const steps = name.split('.');
  if (steps.length > MAX_DEPTH) throw new DecodeError('malformed', 'A parameter name has too many parts');
  let node = root;
  for (const step of steps) {
    let child = node.children.get(step);
    if (child === undefined) {
      child = newNode();
      node.children.set(step, child);
    }
    node = child;
  }
  node.text = value;
}

function decodeMembers(shape: StructureShape, node: Node, path: string): Record<string, unknown> {
  const target: Record<string, unknown> = {};
  for (const member of shape.members) {
    const child = node.children.get(member.xmlName);
    if (child === undefined) continue;
    target[member.name] = decodeMember(member, child, path === '' ? member.name : `${path}.${member.name}`);
  }
  return target;
}

function decodeMember(member: Member, node: Node, path: string): unknown {
  return decodeNode(member.shape, node, path, member.isFlattened);
}

function decodeNode(shape: Shape, node: Node, path: string, isFlattened: boolean): unknown {
  switch (shape.kind) {
    case 'structure':
      return decodeMembers(shape, node, path);
    case 'list':
      return decodeList(shape, node, path, isFlattened);
    case 'map':
      return decodeMap(shape, node, path, isFlattened);
    default:
      if (node.text === undefined) throw DecodeError.wrongType(path, 'a plain value', {});
      return decodeText(shape, node.text, path);
  }
}

/** An empty list is sent as the bare name with an empty value. */
function decodeList(shape: ListShape, node: Node, path: string, isFlattened: boolean): unknown[] {
  const parent = isFlattened ? node : (node.children.get(shape.itemName) ?? node.children.get('member'));
  return numbered(parent, path).map((item, index) => decodeNode(shape.item, item, `${path}[${index}]`, false));
}

function decodeMap(shape: MapShape, node: Node, path: string, isFlattened: boolean): Record<string, unknown> {
  const entries = numbered(isFlattened ? node : node.children.get('entry'), path).map((entry): [string, unknown] => {
    const key = entry.children.get(shape.keyName)?.text;
    const value = entry.children.get(shape.valueName);
    if (key === undefined) throw DecodeError.wrongType(path, 'a map whose entries have keys', {});
    return [key, value === undefined ? '' : decodeNode(shape.value, value, `${path}.${key}`, false)];
  });
  return Object.fromEntries(entries);
}

/** Children `1`, `2`, … in the order of their numbers. */
function numbered(node: Node | undefined, path: string): Node[] {
  if (node === undefined) return [];
  const entries = [...node.children].map(([step, child]): [number, Node] => {
    if (!/^\d{1,9}$/.test(step)) throw DecodeError.wrongType(path, 'a list with numbered items', {});
    return [Number(step), child];
  });
  return entries.sort(([a], [b]) => a - b).map(([, child]) => child);
}
