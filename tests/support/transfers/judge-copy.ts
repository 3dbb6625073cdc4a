import assert from 'node:assert/strict';
import {
  ACCOUNTS,
  START_BALANCE,
  SUM_OF_MONEY,
  type TransferDatabase,
  transfersUntil,
  WRONG_BALANCES,
} from './transfer-database.ts';

/** By session: how many transfers there are, and the highest number of one. */
type Counts = ReadonlyMap<number, { readonly count: number; readonly highest: number }>;

/**
 * Whether a copy is the bank as it was in a second.
 *
 * A session commits a transfer before it begins the next one. So of those that had begun by the moment all but the last
 * must be there, and none may be there that began after that second.
 * @param at the moment that was asked for, in ms by the source's clock
 * @returns how many transfers the copy holds
 */
export async function judgeCopy(source: TransferDatabase, directory: string, at: number): Promise<number> {
  const ask = (text: string) => source.sqlOfCopy(directory, text);
  assert.equal(await ask(SUM_OF_MONEY), String(ACCOUNTS * START_BALANCE), 'money was made or lost');
  assert.equal(await ask(WRONG_BALANCES), '0', 'balances disagree with the list of transfers');
  const copied = countsIn(await ask(transfersUntil(undefined)));
  const begun = countsIn(await source.sql(transfersUntil(at)));
  const atMost = countsIn(await source.sql(transfersUntil(at + 999.999)));
  for (const session of new Set([...copied.keys(), ...atMost.keys()])) {
    const { count, highest } = copied.get(session) ?? { count: 0, highest: 0 };
    assert.equal(count, highest, `transfers of session ${session} are missing in the middle`);
    const committed = (begun.get(session)?.count ?? 1) - 1;
    const possible = atMost.get(session)?.count ?? 0;
    const told = `session ${session} has ${count} transfers in the copy of ${new Date(at).toISOString()}`;
    assert.ok(count >= committed, `${told}, but ${committed} were committed by then`);
    assert.ok(count <= possible, `${told}, but only ${possible} had begun when that second was over`);
  }
  return [...copied.values()].reduce((sum, { count }) => sum + count, 0);
}

function countsIn(rows: string): Counts {
  const numbers = rows.split('\n').map((row) => row.split('\t').map(Number));
  return new Map(
    numbers.flatMap(([session = 0, count = 0, highest = 0]) => (session === 0 ? [] : [[session, { count, highest }]])),
  );
}
