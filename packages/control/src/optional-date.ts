/** A moment in ms since the epoch as the `Date` that the SDK's types want; absent stays absent. */
export function optionalDate(at: number | undefined): Date | undefined {
  return at === undefined ? undefined : new Date(at);
}
