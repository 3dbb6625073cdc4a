type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Leaves out the members that are undefined: an absent filter and one set to undefined then mean the same. */
export function withoutUndefined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}
