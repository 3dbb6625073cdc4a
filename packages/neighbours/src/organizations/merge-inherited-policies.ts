/**
 * Merges management policies (backup policies) down an organisation (ORG-5 to ORG-7, ORG-66): the documents come from the
 * root down to the account, and what remains is plain values (ORG-67). Keys are the same when they differ by case alone;
 * the spelling of the highest policy is kept.
 */

export type PlainPolicy = string | readonly string[] | { readonly [key: string]: PlainPolicy };

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const CHILD_CONTROL = '@@operators_allowed_for_child_policies';
const SETTERS = ['@@assign', '@@append', '@@remove'] as const;
type Setter = (typeof SETTERS)[number];
const EVERYTHING: ReadonlySet<Setter> = new Set(SETTERS);

interface Leaf {
  readonly kind: 'leaf';
  readonly value: string | readonly string[];
  readonly allowed: ReadonlySet<Setter>;
}

interface Branch {
  readonly kind: 'branch';
  /** By key in lower case. */
  readonly children: ReadonlyMap<string, { readonly name: string; readonly node: Node }>;
  readonly allowed: ReadonlySet<Setter>;
}

type Node = Leaf | Branch;

/** Parsed documents from the root to the account, those of one level one after the other. */
export function mergeInheritedPolicies(documents: readonly object[]): { readonly [key: string]: PlainPolicy } {
  let merged: Branch = { kind: 'branch', children: new Map(), allowed: EVERYTHING };
  for (const document of documents) merged = mergeBranch(merged, document as JsonObject, EVERYTHING);
  return plainBranch(merged);
}

function mergeBranch(inherited: Branch | undefined, own: JsonObject, limit: ReadonlySet<Setter>): Branch {
  const allowedHere = intersect(limit, inherited?.allowed ?? EVERYTHING);
  const children = new Map(inherited?.children ?? []);
  for (const [name, value] of Object.entries(own)) {
    if (name === CHILD_CONTROL || !isObject(value)) continue;
    const key = name.toLowerCase();
    const existing = children.get(key);
    const node = mergeNode(existing?.node, value, allowedHere);
    if (node !== undefined) children.set(key, { name: existing?.name ?? name, node });
  }
  return { kind: 'branch', children, allowed: intersect(allowedHere, childControl(own)) };
}

function mergeNode(inherited: Node | undefined, own: JsonObject, limit: ReadonlySet<Setter>): Node | undefined {
  const isLeaf = SETTERS.some((setter) => setter in own);
  if (isLeaf) return mergeLeaf(inherited?.kind === 'leaf' ? inherited : undefined, own, limit);
  if (inherited?.kind === 'leaf') return inherited;
  return mergeBranch(inherited, own, limit);
}

function mergeLeaf(inherited: Leaf | undefined, own: JsonObject, limit: ReadonlySet<Setter>): Leaf | undefined {
  const allowed = intersect(limit, inherited?.allowed ?? EVERYTHING);
  let value = inherited?.value;
  if ('@@assign' in own && allowed.has('@@assign')) value = plainValue(own['@@assign']);
  if ('@@append' in own && allowed.has('@@append'))
    value = [...new Set([...listOf(value), ...listOf(plainValue(own['@@append']))])];
  if ('@@remove' in own && allowed.has('@@remove')) {
    const removed = new Set(listOf(plainValue(own['@@remove'])));
    value = listOf(value).filter((item) => !removed.has(item));
  }
  if (value === undefined) return inherited;
  return { kind: 'leaf', value, allowed: intersect(allowed, childControl(own)) };
}

function plainBranch(branch: Branch): { readonly [key: string]: PlainPolicy } {
  const entries = [...branch.children.values()].map(({ name, node }) => [name, plain(node)] as const);
  return Object.fromEntries(entries.filter(([, value]) => !isEmpty(value)));
}

function plain(node: Node): PlainPolicy {
  return node.kind === 'leaf' ? node.value : plainBranch(node);
}

function isEmpty(value: PlainPolicy): boolean {
  return typeof value !== 'string' && Object.keys(value).length === 0;
}

/** What a policy lets those below it do; a restriction can be narrowed further down and never lifted. */
function childControl(own: JsonObject): ReadonlySet<Setter> {
  const control = own[CHILD_CONTROL];
  if (!Array.isArray(control) || control.includes('@@all')) return EVERYTHING;
  return new Set(SETTERS.filter((setter) => control.includes(setter)));
}

function intersect(a: ReadonlySet<Setter>, b: ReadonlySet<Setter>): ReadonlySet<Setter> {
  return a === EVERYTHING ? b : new Set([...a].filter((setter) => b.has(setter)));
}

function plainValue(value: Json | undefined): string | readonly string[] {
  return Array.isArray(value) ? value.map(String) : String(value);
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
