/** Finding items of a recovery point by their names, in all folders, a bounded stretch at a time. */
import type { ItemRecord } from '@holdfast/engine';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import type { AdminHandler } from '../admin-service.ts';
import { namePattern } from '../item-name-pattern.ts';
import { presentItem } from '../present.ts';
import { noSuchItem, openReader, pathOf } from './browse-actions.ts';

/** Items that one request looks at; then it answers with what it has, and where to go on. */
const MOST_SEARCHED = 20_000;
const LARGEST_PAGE = 100;

/** SearchRecoveryPointItems: what is below a folder and has such a name, in path order. */
export function searchRecoveryPointItems(ports: ControlPorts): AdminHandler<'SearchRecoveryPointItems'> {
  return async (input, context) => {
    await using reader = await openReader(ports, context, input.RecoveryPointArn);
    const folder = pathOf(input);
    if (folder.length > 0 && (await reader.item(folder)) === undefined) {
      throw noSuchItem(input.RecoveryPointArn, folder);
    }
    const matches = namePattern(input.Text);
    let searched = 0;
    const search = async ({ limit, afterKey }: { readonly limit: number; readonly afterKey?: string }) => {
      const from = afterKey === undefined ? undefined : Buffer.from(afterKey, 'base64');
      const items: ItemRecord[] = [];
      for await (const item of reader.items(folder, from)) {
        if (items.length === limit || searched === MOST_SEARCHED) {
          return { items, nextKey: Buffer.from(item.path).toString('base64') };
        }
        searched += 1;
        if (item.path.length > folder.length && matches(presentItem(item).Name)) items.push(item);
      }
      return { items };
    };
    const { items, NextToken } = await listPage(input, context, search, LARGEST_PAGE);
    return { Items: items.map(presentItem), SearchedCount: searched, NextToken };
  };
}
