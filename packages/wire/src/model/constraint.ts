/** Limits on values, which the schemas of the SDK do not carry. */

/** The limits of one kind of value. */
export interface Constraint {
  /** Regular expression that the whole text must contain a match of; anchors are part of it. */
  readonly pattern?: string;
  /** Smallest and largest length: characters of a text, items of a list, entries of a map, bytes of a blob. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Smallest and largest number, inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** The number must be whole. */
  readonly integer?: boolean;
  /** The only texts allowed. */
  readonly values?: readonly string[];
  /** Limits on each item of a list. */
  readonly items?: Constraint;
  /** Limits on each key and each value of a map. */
  readonly keys?: Constraint;
  readonly entries?: Constraint;
}

/** A named kind of value; list items, map keys and map values refer to further kinds by name. */
export type ConstraintKind = Omit<Constraint, 'items' | 'keys' | 'entries'> & {
  readonly items?: string;
  readonly keys?: string;
  readonly entries?: string;
};

/** One table per service: kinds of values, and which member of which structure is of which kind. */
export interface ConstraintTable {
  readonly kinds: Readonly<Record<string, ConstraintKind>>;
  /** Structure name, then member name, then kind. */
  readonly members: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Looks up the limits of a member, with nested kinds put in place.
 * @throws Error when the table names a kind that it does not define
 */
export function constraintOf(table: ConstraintTable, structure: string, member: string): Constraint | undefined {
  const kind = table.members[structure]?.[member];
  return kind === undefined ? undefined : resolveKind(table, kind);
}

function resolveKind(table: ConstraintTable, name: string): Constraint {
  const kind = table.kinds[name];
  if (kind === undefined) throw new Error(`The constraint table defines no kind ${name}`);
  const { items, keys, entries, ...own } = kind;
  return {
    ...own,
    ...(items === undefined ? {} : { items: resolveKind(table, items) }),
    ...(keys === undefined ? {} : { keys: resolveKind(table, keys) }),
    ...(entries === undefined ? {} : { entries: resolveKind(table, entries) }),
  };
}
