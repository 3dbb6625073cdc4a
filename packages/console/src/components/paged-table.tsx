import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from './error-alert.tsx';
import type { ListPage, ServerSearch } from './list-page.ts';
import type { Column } from './table-column.ts';
import { TablePreferencesButton, useTablePreferences } from './table-preferences.tsx';
import { useListPages } from './use-list-pages.ts';

interface PagedTableProps<T> {
  /** Under this name the viewer's preferences are remembered. */
  readonly id: string;
  readonly title: string;
  readonly description?: ReactNode;
  readonly columns: readonly Column<T>[];
  readonly keyOf: (item: T) => string;
  readonly queryKey: readonly unknown[];
  /** Reads one page from the server; a list is never read as a whole. */
  readonly load: (nextToken: string | undefined, pageSize: number) => Promise<ListPage<T>>;
  /** How the server searches and sorts the whole list, where it can. */
  readonly search?: ServerSearch<T>;
  /** What the text searches; another scope begins without one. */
  readonly searchScope?: string;
  /** What the text searches, in words. */
  readonly searchLabel?: string;
  /** What to say, and to offer, when there is nothing. */
  readonly empty: ReactNode;
  /** Filters that the server applies. */
  readonly filters?: ReactNode;
  readonly actions?: (selected: readonly T[], clear: () => void) => ReactNode;
  readonly selection?: TableProps.SelectionType;
  readonly isDisabled?: (item: T) => boolean;
  /** How often to look again, ms, given what is shown; false for never. */
  readonly refreshMs?: (items: readonly T[]) => number | false;
  readonly variant?: TableProps.Variant;
}

/** A table over a list of the API, page by page; a text is searched for in all of the list. */
export function PagedTable<T>(props: PagedTableProps<T>) {
  const { t } = useTranslation();
  const { columns, keyOf, search } = props;
  const [preferences, setPreferences] = useTablePreferences(props.id, columns);
  const [chosen, setChosen] = useState<readonly T[]>([]);
  const { pageSize, sorting } = preferences;
  const { queryKey, load, refreshMs } = props;
  const list = useListPages({
    columns,
    queryKey,
    load,
    search,
    searchScope: props.searchScope,
    refreshMs,
    pageSize,
    sorting,
  });
  const { query, items, text, setText, isWhole, hasNext } = list;
  const shown = new Map(items.map((item) => [keyOf(item), item]));
  // Several may be chosen over several pages; one alone goes with its page.
  const selected = chosen
    .map((item) => shown.get(keyOf(item)) ?? item)
    .filter((item) => props.selection === 'multi' || shown.has(keyOf(item)));
  const definitions = columns.map((column) => definitionOf(column, isWhole || search?.sorts[column.id] !== undefined));

  if (query.isError) {
    return <ErrorAlert header={t('common.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <Table
      variant={props.variant ?? 'container'}
      items={items}
      trackBy={keyOf}
      columnDefinitions={definitions}
      columnDisplay={preferences.display}
      wrapLines={preferences.wrapLines}
      loading={query.isPending}
      loadingText={t('common.loading')}
      resizableColumns
      enableKeyboardNavigation
      sortingColumn={definitions.find(({ sortingField }) => sortingField === sorting?.columnId)}
      sortingDescending={sorting?.isDescending ?? false}
      onSortingChange={({ detail }) =>
        setPreferences({ sorting: { columnId: columnIdOf(detail), isDescending: detail.isDescending === true } })
      }
      {...(props.selection === undefined
        ? {}
        : {
            selectionType: props.selection,
            selectedItems: selected,
            onSelectionChange: ({ detail }: { detail: { selectedItems: T[] } }) => setChosen(detail.selectedItems),
            ...(props.isDisabled === undefined ? {} : { isItemDisabled: props.isDisabled }),
          })}
      ariaLabels={{
        tableLabel: props.title,
        selectionGroupLabel: props.title,
        allItemsSelectionLabel: () => t('common.selectItem', { name: t('common.all') }),
        itemSelectionLabel: (_state, item) => t('common.selectItem', { name: keyOf(item) }),
      }}
      header={
        <Header
          counter={`(${selected.length > 0 ? `${selected.length}/` : ''}${items.length}${hasNext ? '+' : ''})`}
          description={props.description}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                iconName="refresh"
                ariaLabel={t('common.refresh')}
                loading={query.isFetching && !query.isPending}
                onClick={() => void query.refetch()}
              />
              <div className="holdfast-inline">{props.actions?.(selected, () => setChosen([]))}</div>
            </SpaceBetween>
          }
        >
          {props.title}
        </Header>
      }
      filter={
        <div className="holdfast-filters">
          <TextFilter
            filteringText={text}
            filteringPlaceholder={props.searchLabel ?? t('common.search')}
            filteringAriaLabel={props.searchLabel ?? t('common.search')}
            countText={list.isFiltered ? `${t('common.matches', { count: items.length })}${hasNext ? ' +' : ''}` : ''}
            onChange={({ detail }) => setText(detail.filteringText)}
          />
          {props.filters}
        </div>
      }
      empty={
        <Box textAlign="center" padding={{ vertical: 'm' }}>
          {list.isFiltered ? (
            <SpaceBetween size="m">
              <b>{t(hasNext ? 'common.noMatchesYet' : 'common.noMatches')}</b>
              <Button onClick={() => setText('')}>{t('common.clearFilter')}</Button>
            </SpaceBetween>
          ) : (
            props.empty
          )}
        </Box>
      }
      pagination={
        <Pagination
          currentPageIndex={list.pageIndex + 1}
          pagesCount={list.pageIndex + (hasNext ? 2 : 1)}
          openEnd={hasNext}
          ariaLabels={{
            nextPageLabel: t('common.nextPage'),
            previousPageLabel: t('common.previousPage'),
            pageLabel: (page) => t('common.page', { page }),
          }}
          onChange={({ detail }) => list.moveTo(detail.currentPageIndex - 1)}
        />
      }
      preferences={<TablePreferencesButton columns={columns} preferences={preferences} onChange={setPreferences} />}
    />
  );
}

function definitionOf<T>(column: Column<T>, canSort: boolean): TableProps.ColumnDefinition<T> {
  return {
    id: column.id,
    header: column.header,
    cell: (item) => column.cell?.(item) ?? column.value(item) ?? '-',
    ...(canSort ? { sortingField: column.id } : {}),
    ...(column.width === undefined ? {} : { width: Math.max(column.width, headerWidth(column.header)) }),
  };
}

/** What a header takes with the arrow beside it, in pixels; characters of East Asian scripts are as wide as they are high. */
function headerWidth(header: string): number {
  return [...header].reduce((sum, character) => sum + (character > '\u02ff' ? 15 : 8), 62);
}

function columnIdOf<T>(detail: TableProps.SortingState<T>): string {
  return detail.sortingColumn.sortingField ?? '';
}
