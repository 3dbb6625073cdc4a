import CollectionPreferences, {
  type CollectionPreferencesProps,
} from '@cloudscape-design/components/collection-preferences';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readPreference, writePreference } from './preferences.ts';
import type { Column, Sorting } from './table-column.ts';

export interface TablePreferences {
  readonly pageSize: number;
  readonly wrapLines: boolean;
  readonly display: readonly CollectionPreferencesProps.ContentDisplayItem[];
  readonly sorting?: Sorting | undefined;
}

const PAGE_SIZES = [10, 20, 50, 100] as const;

/** How the viewer likes a table, remembered in the browser under the table's name. */
export function useTablePreferences<T>(id: string, columns: readonly Column<T>[]) {
  const name = `table:${id}`;
  const [kept, setKept] = useState(() => readPreference<Partial<TablePreferences>>(name, {}));
  const preferences = complete(kept, columns);
  const change = (part: Partial<TablePreferences>): void => {
    const next = { ...preferences, ...part };
    setKept(next);
    writePreference(name, next);
  };
  return [preferences, change] as const;
}

/** Columns that came with a newer version are shown as they are meant to be. */
function complete<T>(kept: Partial<TablePreferences>, columns: readonly Column<T>[]): TablePreferences {
  const known = (kept.display ?? []).filter(({ id }) => columns.some((column) => column.id === id));
  const added = columns.filter(({ id }) => !known.some((item) => item.id === id));
  return {
    pageSize: kept.pageSize ?? 20,
    wrapLines: kept.wrapLines ?? false,
    display: [...known, ...added.map(({ id, isHidden }) => ({ id, visible: isHidden !== true }))],
    sorting: kept.sorting,
  };
}

interface TablePreferencesButtonProps<T> {
  readonly columns: readonly Column<T>[];
  readonly preferences: TablePreferences;
  readonly onChange: (part: Partial<TablePreferences>) => void;
}

export function TablePreferencesButton<T>({ columns, preferences, onChange }: TablePreferencesButtonProps<T>) {
  const { t } = useTranslation();
  return (
    <CollectionPreferences
      title={t('common.preferences')}
      confirmLabel={t('common.confirm')}
      cancelLabel={t('common.cancel')}
      preferences={{
        pageSize: preferences.pageSize,
        wrapLines: preferences.wrapLines,
        contentDisplay: preferences.display,
      }}
      pageSizePreference={{
        title: t('common.pageSize'),
        options: PAGE_SIZES.map((value) => ({ value, label: t('common.items', { count: value }) })),
      }}
      wrapLinesPreference={{ label: t('common.wrapLines'), description: '' }}
      contentDisplayPreference={{
        title: t('common.columns'),
        options: columns.map(({ id, header }, index) => ({ id, label: header, alwaysVisible: index === 0 })),
      }}
      onConfirm={({ detail }) =>
        onChange({
          pageSize: detail.pageSize ?? preferences.pageSize,
          wrapLines: detail.wrapLines ?? preferences.wrapLines,
          display: detail.contentDisplay ?? preferences.display,
        })
      }
    />
  );
}
