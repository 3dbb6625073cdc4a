import { Client } from 'pg';
import { query } from './postgresql-fixture.ts';

const ACCOUNTS = 50;
const OPENING_BALANCE = 1000;

/** A transfer that the server committed, with the bounds of its time of commit by the clock of this machine. */
export interface Transfer {
  readonly id: number;
  readonly beganAt: number;
  readonly endedAt: number;
}

/** Money that moves between accounts all the time, and whose sum never changes: in every consistent copy it is the same. */
export class Bank {
  readonly transfers: Transfer[] = [];
  readonly #port: number;
  #isOpen = true;
  #onMove: () => void = () => undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(port: number) {
    this.#port = port;
  }

  static async open(port: number): Promise<Bank> {
    await query(
      port,
      `create table accounts (id int primary key, balance int not null);
       insert into accounts select n, ${OPENING_BALANCE} from generate_series(1, ${ACCOUNTS}) n;
       create table transfers (id int primary key, at timestamptz not null default clock_timestamp())`,
    );
    return new Bank(port);
  }

  /** Begins to move money, one transfer after the other. */
  begin(): void {
    this.#isOpen = true;
    this.#work = this.#move();
  }

  /** Resolves when so many more transfers were committed. */
  async moves(count: number): Promise<void> {
    const wanted = this.transfers.length + count;
    while (this.transfers.length < wanted) {
      await new Promise<void>((resolve) => {
        this.#onMove = resolve;
      });
    }
  }

  /** Ends the transfers; what was under way is committed. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#work;
  }

  async #move(): Promise<void> {
    const client = new Client({ host: '127.0.0.1', port: this.#port, user: 'postgres', database: 'postgres' });
    await client.connect();
    try {
      while (this.#isOpen) {
        const id = this.transfers.length + 1;
        const [from, to] = [(id % ACCOUNTS) + 1, ((id * 7) % ACCOUNTS) + 1];
        const beganAt = Date.now();
        await client.query(
          `begin;
           update accounts set balance = balance - 1 where id = ${from};
           update accounts set balance = balance + 1 where id = ${to};
           insert into transfers (id) values (${id});
           commit`,
        );
        this.transfers.push({ id, beganAt, endedAt: Date.now() });
        this.#onMove();
      }
    } finally {
      await client.end();
    }
  }
}

export const EXPECTED_SUM = ACCOUNTS * OPENING_BALANCE;

/** What a copy of the bank holds. */
export async function bankIn(port: number): Promise<{ readonly sum: number; readonly transfers: number[] }> {
  const [row] = await query(port, 'select sum(balance)::int as sum from accounts');
  const transfers = await query(port, 'select id from transfers order by id');
  return { sum: Number(row?.['sum']), transfers: transfers.map((each) => Number(each['id'])) };
}
