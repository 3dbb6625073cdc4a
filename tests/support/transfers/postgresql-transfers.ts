import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, postgresBinDirectory, startPostgres } from '@holdfast/testkit';
import { runClient } from './run-client.ts';
import { Sessions } from './sessions.ts';
import { ACCOUNTS, START_BALANCE, type TransferDatabase } from './transfer-database.ts';

/** Every 40th transfer lasts over a second, so that one is under way at most moments. */
const SCHEMA = `
  create schema bank;
  create table bank.accounts (id int primary key, balance bigint not null);
  insert into bank.accounts select n, ${START_BALANCE} from generate_series(1, ${ACCOUNTS}) n;
  create table bank.transfers (session int, n int, debit int, credit int, amount int, at bigint, primary key (session, n));
  create index on bank.transfers (at);
  create index on bank.transfers (debit);
  create index on bank.transfers (credit);
  create table bank.going_on (yes int primary key);
  create procedure bank.work(me int) language plpgsql as $$
    declare i int := 0; d int; c int; a int;
    begin
      while exists (select 1 from bank.going_on) loop
        i := i + 1; d := 1 + floor(random() * ${ACCOUNTS}); c := 1 + floor(random() * ${ACCOUNTS}); a := 1 + floor(random() * 9);
        if d < c then update bank.accounts set balance = balance - a where id = d; end if;
        update bank.accounts set balance = balance + a where id = c;
        if d >= c then update bank.accounts set balance = balance - a where id = d; end if;
        if i % 40 = 0 then perform pg_sleep(1.3); end if;
        insert into bank.transfers values (me, i, d, c, a, floor(extract(epoch from clock_timestamp()) * 1000000));
        commit;
        perform pg_sleep(0.004);
        commit;
      end loop;
    end $$;`;

/** Log files end, checkpoints and vacuums run, tables and users come. */
const disturbances = (number: number): readonly string[] => [
  'select pg_switch_wal()',
  `create table bank.extra_${number} as select n as id, md5(n::text) as text from generate_series(1, 5000) n`,
  `drop table if exists bank.extra; create table bank.extra as select n as id, repeat(md5(n::text), 8) as text from generate_series(1, 20000) n;
   alter table bank.extra add column more int default ${number}`,
  'checkpoint; vacuum bank.transfers',
  `create role guest${number} login password 'it''s'; grant usage on schema bank to guest${number}`,
];

/** A PostgreSQL server whose superuser needs no password. */
export async function postgresqlTransfers(restorePath: string): Promise<TransferDatabase> {
  const psql = findProgram('psql', [postgresBinDirectory() ?? '']) ?? 'psql';
  const server = await startPostgres({ settings: { wal_level: 'replica' } });
  const sql = (text: string, port: number | string = server.port): Promise<string> => {
    const place = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-d', 'postgres'];
    return runClient(psql, [...place, '-XAtq', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-f', '-'], text);
  };
  await sql(SCHEMA);
  const sessions = new Sessions((session) => sql(`call bank.work(${session})`));
  return {
    kind: 'postgresql',
    settings: ['host=127.0.0.1', `port=${server.port}`, `restorePath=${restorePath}`],
    sql,
    now: async () => Number(await sql('select floor(extract(epoch from clock_timestamp()) * 1000)')),
    async begin(count) {
      await sql('insert into bank.going_on values (1) on conflict do nothing');
      sessions.begin(count);
    },
    async end() {
      await sql('delete from bank.going_on');
      await sessions.ended();
    },
    async disturb(number) {
      const all = disturbances(number);
      const text = all[number % all.length] ?? '';
      await sql(text);
      return text;
    },
    sqlOfCopy(directory, text) {
      const [, , , port = ''] = readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8').split('\n');
      return sql(text, port);
    },
    remove: () => server.stop(),
  };
}
