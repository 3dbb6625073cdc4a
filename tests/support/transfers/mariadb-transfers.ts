import { join } from 'node:path';
import { type MariadbServer, startMariadb } from '@holdfast/testkit';
import { runClient } from './run-client.ts';
import { Sessions } from './sessions.ts';
import { ACCOUNTS, START_BALANCE, type TransferDatabase } from './transfer-database.ts';

/** Every 40th transfer lasts over a second, so that one is under way at most moments. */
const SCHEMA = `
  create database bank;
  create table bank.accounts (id int primary key, balance bigint not null);
  insert into bank.accounts select seq, ${START_BALANCE} from bank.seq_1_to_${ACCOUNTS};
  create table bank.transfers (session int, n int, debit int, credit int, amount int, at bigint,
    primary key (session, n), key (at), key (debit), key (credit));
  create table bank.going_on (yes int primary key);
  delimiter //
  create procedure bank.work(me int)
  begin
    declare i, d, c, a int default 0;
    while exists (select 1 from bank.going_on) do
      set i = i + 1, d = 1 + floor(rand() * ${ACCOUNTS}), c = 1 + floor(rand() * ${ACCOUNTS}), a = 1 + floor(rand() * 9);
      start transaction;
      if d < c then update bank.accounts set balance = balance - a where id = d; end if;
      update bank.accounts set balance = balance + a where id = c;
      if d >= c then update bank.accounts set balance = balance - a where id = d; end if;
      if i % 40 = 0 then do sleep(1.3); end if;
      insert into bank.transfers values (me, i, d, c, a, floor(unix_timestamp(sysdate(6)) * 1000000));
      commit;
      do sleep(0.004);
    end while;
  end//
  delimiter ;`;

/** Log files end, tables of several kinds come and change, and so do users. */
const disturbances = (number: number): readonly string[] => [
  'flush binary logs',
  `create table bank.extra_${number} (id int primary key, text varchar(99)) engine = aria;
   insert into bank.extra_${number} select seq, md5(seq) from bank.seq_1_to_5000`,
  `create or replace table bank.extra as select seq as id, repeat(md5(seq), 8) as text from bank.seq_1_to_20000;
   alter table bank.extra add column more int default ${number}`,
  'optimize table bank.transfers; flush tables',
  `create or replace user 'guest${number}'@'localhost' identified by 'it''s'; grant select on bank.* to 'guest${number}'@'localhost'`,
];

/** A MariaDB server with a binary log, whose root needs no password. */
export async function mariadbTransfers(
  restorePath: string,
): Promise<TransferDatabase & { readonly server: MariadbServer }> {
  const server = await startMariadb(['--log-bin=binlog', '--binlog-format=ROW', '--server-id=1']);
  const sql = (text: string, socketPath = server.socketPath): Promise<string> =>
    runClient(
      'mariadb',
      ['--no-defaults', `--socket=${socketPath}`, '--user=root', '--batch', '--skip-column-names'],
      text,
    );
  await sql(SCHEMA);
  const sessions = new Sessions((session) => sql(`call bank.work(${session})`));
  return {
    kind: 'mariadb',
    settings: [`host=${server.socketPath}`, `restorePath=${restorePath}`],
    server,
    sql,
    now: async () => Number(await sql('select floor(unix_timestamp(now(6)) * 1000)')),
    async begin(count) {
      await sql('replace into bank.going_on values (1)');
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
    sqlOfCopy: (directory, text) => sql(text, join(directory, 'server.sock')),
    remove: () => server.remove(),
  };
}
