/**
 * A database in which money moves between accounts without end, so that a restored copy can be judged: money is neither
 * made nor lost, every balance agrees with the list of transfers, and that list ends at the moment that was asked for.
 */
export interface TransferDatabase {
  /** The connector's kind and its settings, as `holdfast source add` takes them. */
  readonly kind: 'mariadb' | 'postgresql';
  readonly settings: readonly string[];
  /** Runs SQL at the source. @returns rows, columns separated by tabs */
  sql(text: string): Promise<string>;
  /** By the clock of the database, in ms. */
  now(): Promise<number>;
  /** Begins transfers in this many sessions. */
  begin(sessions: number): Promise<void>;
  /** Lets every session finish its transfer; returns when they have ended. */
  end(): Promise<void>;
  /** Disturbs the log and the files as users do, differently for each number. @returns what was done */
  disturb(number: number): Promise<string>;
  /** Runs SQL in the copy that a restore made in this directory. */
  sqlOfCopy(directory: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

export const ACCOUNTS = 100;
export const START_BALANCE = 1000;

/** What both databases read alike. Columns `at` hold microseconds since the epoch, read just before the commit. */
export const SUM_OF_MONEY = 'select sum(balance) from bank.accounts';
export const WRONG_BALANCES = `
  select count(*) from bank.accounts a where balance <> ${START_BALANCE}
    + coalesce((select sum(amount) from bank.transfers t where t.credit = a.id), 0)
    - coalesce((select sum(amount) from bank.transfers t where t.debit = a.id), 0)`;
/** Sessions number their transfers from 1: where the number falls short of the highest, one was lost. */
export const transfersUntil = (at: number | undefined): string =>
  `select session, count(*), max(n) from bank.transfers ${
    at === undefined ? '' : `where at <= ${Math.floor(at * 1000)}`
  } group by session order by session`;
