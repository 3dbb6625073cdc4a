import type { ReactNode } from 'react';

/** A column of a table: what it shows, and the value by which it sorts and is searched. */
export interface Column<T> {
  readonly id: string;
  readonly header: string;
  readonly value: (item: T) => string | number | undefined;
  /** How the value looks; the value itself when absent. */
  readonly cell?: (item: T) => ReactNode;
  readonly width?: number;
  /** Not shown until the viewer asks for it. */
  readonly isHidden?: boolean;
}

/** A column and a direction. */
export interface Sorting {
  readonly columnId: string;
  readonly isDescending: boolean;
}

/** Whether any column contains the text, whatever its case. */
export function containsText<T>(item: T, columns: readonly Column<T>[], text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return columns.some((column) =>
    String(column.value(item) ?? '')
      .toLowerCase()
      .includes(wanted),
  );
}

/** The items in the order of one column; as they are without one. */
export function sorted<T>(
  items: readonly T[],
  columns: readonly Column<T>[],
  sorting: Sorting | undefined,
): readonly T[] {
  const column = columns.find(({ id }) => id === sorting?.columnId);
  if (column === undefined) return items;
  const direction = sorting?.isDescending === true ? -1 : 1;
  return [...items].sort((a, b) => direction * compare(column.value(a), column.value(b)));
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}
