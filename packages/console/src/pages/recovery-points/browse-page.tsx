import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Button from '@cloudscape-design/components/button';
import Icon from '@cloudscape-design/components/icon';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import type { Item } from '../../api/admin-types.ts';
import { shortArn } from '../../api/resource-names.ts';
import { Bytes } from '../../components/bytes.tsx';
import { Empty } from '../../components/empty.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import type { Column } from '../../components/table-column.ts';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { pointCrumbs, useRecoveryPoint } from './use-recovery-point.ts';

const MOST_ITEMS = 5;

/** Looks into a recovery point, folder by folder; downloads files and folders; chooses what to restore. */
export function BrowsePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { admin } = useConsole();
  const { vault, arn } = useRecoveryPoint();
  const [parameters, setParameters] = useSearchParams();
  const folder = parameters.get('folder') ?? '';
  const open = (pathBase64: string): void => setParameters(pathBase64 === '' ? {} : { folder: pathBase64 });
  const download = useAction({
    run: async ({ kind, pathBase64, name }: Download) => {
      const href = await admin.downloadLink(kind, arn, pathBase64);
      startDownload(href, name);
    },
  });
  const downloadItem = ({ Type, PathBase64, Name }: Item): void =>
    Type === 'directory'
      ? download.mutate({ kind: 'archive', pathBase64: PathBase64, name: `${Name}.tar` })
      : download.mutate({ kind: 'content', pathBase64: PathBase64, name: Name });
  const columns: readonly Column<Item>[] = [
    {
      id: 'name',
      header: t('common.name'),
      value: (item) => item.Name,
      width: 320,
      cell: (item) => (
        <span>
          <Icon name={item.Type === 'directory' ? 'folder' : 'file'} />{' '}
          {item.Type === 'directory' ? (
            <Link
              href={`?folder=${encodeURIComponent(item.PathBase64)}`}
              onFollow={(event) => {
                event.preventDefault();
                open(item.PathBase64);
              }}
            >
              {item.Name}
            </Link>
          ) : (
            item.Name
          )}
          {item.LinkTarget !== undefined && ` → ${item.LinkTarget}`}
          {parentOf(item.PathBase64) !== folder && <FoundIn item={item} onOpen={open} />}
        </span>
      ),
    },
    {
      id: 'size',
      header: t('common.size'),
      value: (item) => item.SizeInBytes,
      cell: (item) => (item.Type === 'directory' ? '-' : <Bytes value={item.SizeInBytes} />),
      width: 110,
    },
    {
      id: 'modified',
      header: t('browse.modified'),
      value: (item) => item.ModificationDate,
      cell: (item) => <Time at={item.ModificationDate} />,
      width: 215,
    },
    {
      id: 'type',
      header: t('common.type'),
      value: (item) => t(`browse.types.${item.Type}`, { defaultValue: item.Type }),
      width: 120,
    },
    { id: 'mode', header: t('browse.mode'), value: (item) => modeText(item.Mode), isHidden: true },
    {
      id: 'owner',
      header: t('browse.owner'),
      value: (item) => (item.Uid === undefined ? '-' : `${item.Uid}:${item.Gid}`),
      isHidden: true,
    },
    {
      id: 'download',
      header: t('browse.download'),
      value: () => undefined,
      width: 135,
      cell: (item) =>
        ['file', 'object', 'directory'].includes(item.Type) ? (
          <Button
            variant="inline-link"
            ariaLabel={t(item.Type === 'directory' ? 'browse.archiveName' : 'browse.downloadName', { name: item.Name })}
            onClick={() => downloadItem(item)}
          >
            {item.Type === 'directory' ? t('browse.archive') : t('browse.download')}
          </Button>
        ) : (
          '-'
        ),
    },
  ];
  return (
    <Page
      title={t('browse.title')}
      crumbs={pointCrumbs(t, vault, arn, shortArn(arn))}
      description={t('browse.description')}
    >
      <SpaceBetween size="m">
        <BreadcrumbGroup
          ariaLabel={t('browse.folder')}
          items={folderCrumbs(folder, t('browse.root'))}
          onFollow={(event) => {
            event.preventDefault();
            open(event.detail.href.slice(1));
          }}
        />
        <PagedTable<Item>
          id="browse"
          title={folder === '' ? t('browse.root') : (textOf(folder).split('/').at(-1) ?? '')}
          columns={columns}
          keyOf={(item) => item.PathBase64}
          queryKey={['items', arn, folder]}
          load={async (nextToken, maxResults) => {
            const page = await admin.items(arn, { pathBase64: folder, nextToken, maxResults });
            return { items: page.Items, nextToken: page.NextToken };
          }}
          search={{
            sorts: {},
            load: async ({ text, nextToken, pageSize }) => {
              const page = await admin.searchItems(arn, { text, pathBase64: folder, nextToken, maxResults: pageSize });
              return { items: page.Items, nextToken: page.NextToken };
            },
          }}
          searchScope={folder}
          searchLabel={t('browse.search')}
          selection="multi"
          actions={(selected) => (
            <>
              <Button
                loading={download.isPending}
                onClick={() =>
                  download.mutate({
                    kind: 'archive',
                    pathBase64: folder,
                    name: `${folder === '' ? 'recovery-point' : textOf(folder).split('/').at(-1)}.tar`,
                  })
                }
              >
                {t('browse.downloadFolder')}
              </Button>
              <Button
                variant="primary"
                disabled={selected.length === 0 || selected.length > MOST_ITEMS}
                disabledReason={t(selected.length === 0 ? 'browse.nothingSelected' : 'browse.tooManySelected', {
                  count: MOST_ITEMS,
                })}
                onClick={() => {
                  const items = selected.map(({ Path, Type }) => `/${Path}${Type === 'directory' ? '/' : ''}`);
                  void navigate(`${paths.restore(vault, arn)}?items=${encodeURIComponent(JSON.stringify(items))}`);
                }}
              >
                {t('browse.restoreSelected')}
              </Button>
            </>
          )}
          empty={<Empty title={t('browse.empty')} hint={t('browse.emptyHint')} />}
        />
      </SpaceBetween>
    </Page>
  );
}

/** Where an item is that was found in another folder. */
function FoundIn({ item, onOpen }: { readonly item: Item; readonly onOpen: (pathBase64: string) => void }) {
  const { t } = useTranslation();
  const parent = parentOf(item.PathBase64);
  return (
    <div className="holdfast-path">
      {t('browse.in')}{' '}
      <Link
        fontSize="inherit"
        href={parent === '' ? '?' : `?folder=${encodeURIComponent(parent)}`}
        onFollow={(event) => {
          event.preventDefault();
          onOpen(parent);
        }}
      >
        /{textOf(parent)}
      </Link>
    </div>
  );
}

interface Download {
  readonly kind: 'content' | 'archive';
  readonly pathBase64: string;
  readonly name: string;
}

function startDownload(href: string, name: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}

function textOf(base64: string): string {
  return new TextDecoder().decode(bytesOf(base64));
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(window.atob(base64), (character) => character.charCodeAt(0));
}

function base64Of(bytes: Uint8Array): string {
  return window.btoa(String.fromCharCode(...bytes));
}

/** The folder that an item is in. */
function parentOf(pathBase64: string): string {
  const bytes = bytesOf(pathBase64);
  return base64Of(bytes.slice(0, Math.max(0, bytes.lastIndexOf(0x2f))));
}

/** The folders above one, whatever bytes their names have. */
function folderCrumbs(folder: string, root: string): { text: string; href: string }[] {
  const bytes = bytesOf(folder);
  const ends = [...bytes.keys()].filter((index) => bytes[index] === 0x2f);
  const parts = folder === '' ? [] : [...ends, bytes.length].map((end) => bytes.slice(0, end));
  const crumbs = parts.map((part) => ({
    text: new TextDecoder().decode(part).split('/').at(-1) ?? '',
    href: `#${base64Of(part)}`,
  }));
  return [{ text: root, href: '#' }, ...crumbs];
}

function modeText(mode: number | undefined): string {
  return mode === undefined ? '-' : (mode & 0o7777).toString(8).padStart(4, '0');
}
