/** Identifier and fence in the name of a recovery point's object or of a change of its retention; undefined for others. */
export function parsePointName(key: string): { readonly recoveryPointId: string; readonly fence: number } | undefined {
  const match = /^(?:points|retention)\/([a-z0-9_-]+)\.([0-9a-f]{8})(?:\.[0-9a-f]{4})?$/.exec(key);
  if (match === null) return undefined;
  const [, name = '', fence = ''] = match;
  const recoveryPointId = name.replace(/_([0-9a-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return { recoveryPointId, fence: Number.parseInt(fence, 16) };
}
