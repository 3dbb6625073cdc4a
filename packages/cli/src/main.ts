/** The `holdfast` command. Each command lives in a file of its own and is loaded only when it is called. */
import { Command, Option } from 'commander';
import { CommandError } from './command-error.ts';

const program = new Command('holdfast');

program
  .description(
    'Backup service with the AWS Backup API. Start the server with `holdfast serve`, then protect something:',
  )
  .addOption(new Option('--endpoint <url>', 'address of the server').env('HOLDFAST_ENDPOINT'))
  .option('--profile <name>', 'AWS profile with endpoint and credentials (default: what the local server wrote)')
  .option('--region <region>', 'region to talk to')
  .showHelpAfterError('(add --help for what this command takes)')
  .addHelpText(
    'after',
    `
First steps:
  holdfast source add directory docs --path ~/Documents    tell Holdfast about a directory
  holdfast resource list                                   see what can be protected
  holdfast protect ~/Documents                             back it up now and wait
  holdfast ls <recovery-point-arn>                         look into the recovery point
  holdfast restore <recovery-point-arn>                    get everything back beside the original

Every command takes --help; commands that print data take --json.
Plans, vaults, copies and the rest of AWS Backup: use \`aws backup ...\` with the profile below holdfast-data/aws.`,
  );

program
  .command('serve')
  .description('run the server (API, scheduler and workers)')
  .option('--host <address>', 'address to listen on (default 127.0.0.1; HOLDFAST_HOST)')
  .option('--port <number>', 'port to listen on (default 8400; HOLDFAST_PORT)')
  .option('--data <directory>', 'data directory (default ./holdfast-data; HOLDFAST_DATA)')
  .option('--config <file>', 'configuration (default ./holdfast.yaml, then <data>/holdfast.yaml)')
  .action(async (flags) => (await import('./commands/serve.ts')).serve(flags));

program
  .command('worker')
  .description('run a worker process beside the server, or on another machine that shares catalog and stores')
  .option('--data <directory>', 'data directory (default ./holdfast-data; HOLDFAST_DATA)')
  .option('--config <file>', 'configuration (default ./holdfast.yaml, then <data>/holdfast.yaml)')
  .action(async (flags) => (await import('./commands/worker.ts')).worker(flags));

const source = program.command('source').description('places with resources: directories, databases, object stores');
source
  .command('add')
  .description('add a source and look for its resources')
  .argument('<kind>', 'connector, for example directory')
  .argument('<name>', 'a name of your choice')
  .option('--path <directory>', 'the directory (kind directory)')
  .option('--restore-path <directory>', 'where restores create new file systems (default <data>/restored)')
  .option('--tag <key=value...>', 'tags of the resource; repeatable')
  .option('--set <key=value...>', 'any other setting of the connector; repeatable')
  .option('--json', 'print JSON')
  .action(async (kind, name, flags) => (await import('./commands/source.ts')).addSource(globals(), kind, name, flags));
source
  .command('list')
  .description('list the sources')
  .option('--json', 'print JSON')
  .action(async (flags) => (await import('./commands/source.ts')).listSources(globals(), flags));
source
  .command('remove')
  .description('forget a source; its recovery points stay')
  .argument('<name>')
  .option('--json', 'print JSON')
  .action(async (name, flags) => (await import('./commands/source.ts')).removeSource(globals(), name, flags));
source
  .command('check')
  .description('prove that the source can be reached with the rights that backups need')
  .argument('<name>')
  .option('--json', 'print JSON')
  .action(async (name, flags) => (await import('./commands/source.ts')).checkSource(globals(), name, flags));

const resource = program.command('resource').description('what the sources hold and Holdfast can protect');
resource
  .command('list')
  .description('list the resources')
  .option('--type <type>', 'only this resource type, for example EFS')
  .option('--json', 'print JSON')
  .action(async (flags) => (await import('./commands/resource.ts')).listResources(globals(), flags));
resource
  .command('tag')
  .description('set tags on a resource; key= removes one')
  .argument('<arn|path>')
  .argument('<key=value...>')
  .option('--json', 'print JSON')
  .action(async (target, tags, flags) =>
    (await import('./commands/resource.ts')).tagResource(globals(), target, tags, flags),
  );
resource
  .command('delete')
  .description('delete a resource that a restore made, such as a database instance; its recovery points stay')
  .argument('<arn|path>')
  .option('--json', 'print JSON')
  .action(async (target, flags) => (await import('./commands/resource.ts')).deleteResource(globals(), target, flags));

const plan = program.command('plan').description('backup plans');
plan
  .command('preview')
  .description('show what a plan would run when, on which resources, and why the others are out')
  .argument('<plan>', 'name or ID of the plan')
  .option('--days <number>', 'how far to look ahead, up to 366', '7')
  .option('--limit <number>', 'how many runs and resources to show', '100')
  .option('--json', 'print JSON')
  .action(async (name, flags) => (await import('./commands/plan.ts')).previewPlan(globals(), name, flags));

program
  .command('protect')
  .description('back up one resource now and wait for the recovery point')
  .argument('<arn|path>', "the resource's ARN, or the directory it stands for")
  .option('--vault <name>', 'backup vault', 'Default')
  .option('--role <arn>', "role to use (default: the account's AWSBackupDefaultServiceRole)")
  .option('--keep-days <days>', 'delete the recovery point after this many days')
  .option('--tag <key=value...>', 'tags of the recovery point; repeatable')
  .option('--json', 'print JSON')
  .action(async (target, flags) => (await import('./commands/protect.ts')).protect(globals(), target, flags));

program
  .command('restore')
  .description('restore a recovery point (a new resource unless told otherwise) and wait')
  .argument('<recovery-point-arn>')
  .option('--into <resource-arn>', 'restore into this existing resource')
  .option('--item <path...>', 'only these files or directories; repeatable, at most five')
  .option('--set <key=value...>', 'any other restore metadata; repeatable')
  .option('--role <arn>', "role to use (default: the account's AWSBackupDefaultServiceRole)")
  .option('--json', 'print JSON')
  .action(async (arn, flags) => (await import('./commands/restore.ts')).restore(globals(), arn, flags));

program
  .command('ls')
  .description('list a directory inside a recovery point')
  .argument('<recovery-point-arn>')
  .argument('[path]', 'a directory or file in it', '')
  .option('--json', 'print JSON')
  .action(async (arn, path, flags) => (await import('./commands/browse.ts')).list(globals(), arn, path, flags));

program
  .command('get')
  .description('take one file out of a recovery point')
  .argument('<recovery-point-arn>')
  .argument('<path>', 'the file in it')
  .requiredOption('--out <file>', 'where to write it; - for standard output')
  .option('--force', 'replace the file when it exists')
  .option('--json', 'print JSON')
  .action(async (arn, path, flags) => (await import('./commands/browse.ts')).get(globals(), arn, path, flags));

program
  .command('jobs')
  .description('list backup, restore and copy jobs, newest first; with an id: one job and its issues')
  .argument('[id]')
  .option('--state <state>', 'only jobs in this state, for example RUNNING')
  .option('--limit <number>', 'how many of each kind', '20')
  .option('--json', 'print JSON')
  .action(async (id, flags) => (await import('./commands/jobs.ts')).jobs(globals(), id, flags));

const bulk = program.command('bulk').description('one request for many recovery points or jobs, done by the server');
bulk
  .command('start')
  .description('DeleteRecoveryPoint, DisassociateRecoveryPoint, UpdateRecoveryPointLifecycle, StartCopyJob, ...')
  .argument('<action>', 'an operation of AWS Backup; each target is one call, decided by your permissions')
  .argument('[target...]', 'ARNs of recovery points, or IDs of jobs')
  .option('--from <file>', 'further targets, one per line; - for standard input')
  .option('--vault <name>', 'backup vault of the recovery points')
  .option('--to <vault-arn>', 'destination of copies')
  .option('--role <arn>', 'role for copies')
  .option('--delete-after-days <days>', 'lifecycle: delete after so many days; -1 never')
  .option('--cold-after-days <days>', 'lifecycle: move to cold storage after so many days; -1 never')
  .option('--tag <key=value...>', 'tags to set; repeatable')
  .option('--tag-key <key...>', 'tags to remove; repeatable')
  .option('--wait', 'wait until all is done; exit code 1 when something failed')
  .option('--json', 'print JSON')
  .action(async (action, targets, flags) =>
    (await import('./commands/bulk.ts')).startBulk(globals(), action, targets, flags),
  );
bulk
  .command('list')
  .description('list bulk operations, newest first')
  .option('--json', 'print JSON')
  .action(async (flags) => (await import('./commands/bulk.ts')).listBulk(globals(), flags));
bulk
  .command('show')
  .description('show how far a bulk operation is, and what came of each item')
  .argument('<id>')
  .option('--state <state>', 'only items in this state, for example FAILED')
  .option('--json', 'print JSON')
  .action(async (id, flags) => (await import('./commands/bulk.ts')).showBulk(globals(), id, flags));
bulk
  .command('stop')
  .description('finish the item under way and skip the rest')
  .argument('<id>')
  .action(async (id) => (await import('./commands/bulk.ts')).stopBulk(globals(), id));

program
  .command('api-coverage')
  .description('which operations of the AWS APIs have a handler')
  .option('--json', 'print JSON')
  .action(async (flags) => (await import('./commands/api-coverage.ts')).apiCoverage(flags));

program
  .command('recover')
  .description('rebuild a lost catalog from stores and keys: vaults and recovery points come back')
  .option('--data <directory>', 'data directory with the keys (default ./holdfast-data; HOLDFAST_DATA)')
  .option('--config <file>', 'configuration that names the stores (default ./holdfast.yaml, then <data>/holdfast.yaml)')
  .option('--json', 'print JSON')
  .action(async (flags) => (await import('./commands/recover.ts')).recover(flags));

program
  .command('validate-store')
  .description("try on a region's store everything that the storage engine relies on")
  .argument('<region>', 'a region that holdfast.yaml gives a store')
  .option('--config <file>', 'configuration (default ./holdfast.yaml, then <data>/holdfast.yaml)')
  .option('--json', 'print JSON')
  .action(async (region, flags) => (await import('./commands/validate-store.ts')).validateStore(region, flags));

program
  .command('doctor')
  .description('check this installation: Node, data directory, server, credentials, sources')
  .option('--data <directory>', 'data directory (default ./holdfast-data; HOLDFAST_DATA)')
  .option('--json', 'print JSON')
  .action(async (flags) => (await import('./commands/doctor.ts')).doctor({ ...globals(), ...flags }));

function globals() {
  return program.opts<{ endpoint?: string; profile?: string; region?: string }>();
}

try {
  await program.parseAsync();
} catch (error) {
  report(error);
  process.exitCode = 1;
}

/** One line for what the user can mend; the stack for what only we can. */
function report(error: unknown): void {
  const expected =
    error instanceof CommandError ||
    (error instanceof Error && (error.name === 'StartupError' || '$metadata' in error || isConnectionError(error)));
  if (!expected) {
    console.error(error);
    return;
  }
  const message = (error as Error).message;
  const code = '$metadata' in (error as object) ? `${(error as Error).name}: ` : '';
  console.error(`holdfast: ${code}${message}`);
}

function isConnectionError(error: Error): boolean {
  return 'code' in error && ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT'].includes(String(error.code));
}
