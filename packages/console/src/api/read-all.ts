/** Follows a list to its end, for what fills a drop-down; never for tables. */
export async function readAll<T>(
  read: (
    nextToken: string | undefined,
  ) => Promise<{ readonly items: readonly T[] | undefined; readonly nextToken: string | undefined }>,
  most = 1000,
): Promise<readonly T[]> {
  const found: T[] = [];
  let nextToken: string | undefined;
  do {
    const page = await read(nextToken);
    found.push(...(page.items ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined && found.length < most);
  return found;
}
