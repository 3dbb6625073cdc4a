/** Members of the API that are moments; on the wire they are seconds since the epoch. */
const MOMENT = /(Date|Time|At|StartBy)$/;

/** An answer as the SDK would give it: moments are `Date`s, at any depth. */
export function withDates<T>(value: unknown): T {
  return convert(value) as T;
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    typeof member === 'number' && MOMENT.test(name) ? new Date(member * 1000) : convert(member),
  ]);
  return Object.fromEntries(members);
}
